package dev.distill.serve;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.SocketAddress;
import java.util.Locale;

/**
 * Which requests are let in, by their heads: nothing of a body is read for one that is not.
 *
 * @param bodyBytes that a request may have
 */
record Gate(Access access, int bodyBytes) {
    /**
     * A request that may go on.
     *
     * @param client who sent it, empty where that is not asked
     */
    record Admitted(Route route, String client) {}

    Admitted admit(HttpRequest head, SocketAddress from) throws ApiError {
        requireHttp(head);
        Route route;
        try {
            route = Route.of(head.method().name(), head.uri());
        } catch (ApiError e) {
            access.client(head.headers(), from, false); // who has no key learns no paths
            throw e;
        }
        String client = route.isOpen() ? "" : access.client(head.headers(), from, route == Route.PAGE);
        if (route.hasBody()) {
            requireBody(head.headers());
        }
        return new Admitted(route, client);
    }

    private static void requireHttp(HttpRequest head) throws ApiError {
        if (head.decoderResult().isFailure()) {
            throw switch (head.decoderResult().cause()) {
                case TooLongHttpLineException line ->
                    ApiError.http(
                            414, "uri_too_long", "the request line has more than " + WireLimits.LINE_BYTES + " bytes");
                case TooLongHttpHeaderException header ->
                    ApiError.http(
                            431,
                            "headers_too_large",
                            "the headers have more than " + WireLimits.HEADER_BYTES + " bytes");
                default -> ApiError.http(400, "bad_http", "this is not a request in HTTP/1.1");
            };
        }
        if (head.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && head.headers().getAll(HttpHeaderNames.HOST).size() != 1) {
            throw ApiError.http(400, "bad_http", "a request has one Host header");
        }
    }

    private void requireBody(HttpHeaders headers) throws ApiError {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
        if (!type.replaceFirst(";.*", "").strip().equals("application/json")) {
            throw ApiError.http(415, "unsupported_media_type", "the body must be JSON: Content-Type: application/json");
        }
        String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING, "identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw ApiError.http(415, "unsupported_media_type", "the body must not be compressed");
        }
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH, "0");
        if (length.length() > 10 || Long.parseLong(length) > bodyBytes) { // digits alone, the decoder sees to it
            throw tooLarge();
        }
    }

    ApiError tooLarge() {
        return ApiError.http(413, "request_too_large", "a request's body may have " + bodyBytes + " bytes");
    }
}
