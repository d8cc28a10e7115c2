package dev.distill.serve;

import io.netty.handler.codec.http.QueryStringDecoder;

/** What can be asked for. */
enum Route {
    PAGE("GET", "/"),
    HEALTH("GET", "/health"),
    METRICS("GET", "/metrics"),
    MODELS("GET", "/v1/models"),
    /** One of them, named by the rest of the path. */
    MODEL("GET", "/v1/models/"),
    CHAT("POST", "/v1/chat/completions"),
    COMPLETIONS("POST", "/v1/completions");

    private final String method;
    private final String path;

    Route(String method, String path) {
        this.method = method;
        this.path = path;
    }

    /** @param uri path and query; a query is not looked at */
    static Route of(String method, String uri) throws ApiError {
        String path = path(uri);
        for (Route route : values()) {
            boolean meant = route == MODEL
                    ? path.startsWith(MODEL.path) && path.length() > MODEL.path.length()
                    : path.equals(route.path);
            if (meant && !route.method.equals(method)) {
                throw ApiError.methodNotAllowed(route.method);
            }
            if (meant) {
                return route;
            }
        }
        throw ApiError.http(404, "not_found", "there is no such path; see docs/cli.md, serve");
    }

    /**
     * The model that a path names. A plus is a plus there; only forms write spaces so.
     *
     * @throws IllegalArgumentException if its percent signs are not well-formed
     */
    static String model(String uri) {
        return QueryStringDecoder.decodeComponent(
                path(uri).substring(MODEL.path.length()).replace("+", "%2B"));
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    boolean hasBody() {
        return method.equals("POST");
    }

    boolean isOpen() {
        return this == HEALTH;
    }
}
