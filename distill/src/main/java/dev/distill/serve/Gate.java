package dev.distill.serve;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.SocketAddress;
import java.util.List;
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
        requireOneLength(head);
        requireKnownExpectation(head.headers());
    }

    /** A length is said once, in one way: what two servers in a row may read differently is refused (RFC 9112, 6.3). */
    private static void requireOneLength(HttpRequest head) throws ApiError {
        List<String> encodings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (encodings.isEmpty()) {
            return;
        }
        if (!head.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            throw ApiError.http(400, "bad_http", "only HTTP/1.1 has Transfer-Encoding");
        }
        if (head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            throw ApiError.http(
                    400, "bad_http", "a request has Content-Length or Transfer-Encoding, and this one has both");
        }
        if (encodings.size() > 1 || !encodings.getFirst().strip().equalsIgnoreCase("chunked")) {
            throw ApiError.http(501, "not_implemented", "the only Transfer-Encoding here is chunked");
        }
    }

    private static void requireKnownExpectation(HttpHeaders headers) throws ApiError {
        String expected = headers.get(HttpHeaderNames.EXPECT);
        if (expected != null && !expected.strip().equalsIgnoreCase("100-continue")) {
            throw ApiError.http(417, "expectation_failed", "the only expectation that is met here is 100-continue");
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

    /** Whether a client shows who it is before it may do more than ask how the server is. */
    boolean needsKey() {
        return access.needsKey();
    }

    ApiError tooLarge() {
        return ApiError.http(413, "request_too_large", "a request's body may have " + bodyBytes + " bytes");
    }
}
