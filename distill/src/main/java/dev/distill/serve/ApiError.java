package dev.distill.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client is told when it gets no answer: a status and OpenAI's error object. */
final class ApiError extends Exception {
    private static final long serialVersionUID = 1L;
    private static final String INVALID = "invalid_request_error";

    private final int status;
    private final String type;
    private final @Nullable String param;
    private final @Nullable String code;
    private final transient Map<String, String> headers;

    private ApiError(
            int status,
            String type,
            @Nullable String param,
            @Nullable String code,
            String message,
            Map<String, String> headers) {
        super(wellFormed(message), null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
        this.headers = headers;
    }

    /** What is shown of a request may have been cut within a character. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** The request says something that is wrong. @param param where; null for the request as a whole */
    static ApiError invalid(@Nullable String param, String message) {
        return new ApiError(400, INVALID, param, null, message, Map.of());
    }

    /** A parameter that this server does not know, or cannot follow. */
    static ApiError unsupported(String param, String message) {
        return new ApiError(400, INVALID, param, "unsupported_parameter", message, Map.of());
    }

    /** Prompt and answer do not fit into the model's context. */
    static ApiError tooLong(String param, String message) {
        return new ApiError(400, INVALID, param, "context_length_exceeded", message, Map.of());
    }

    static ApiError unauthorized(String challenge) {
        return new ApiError(
                401,
                "authentication_error",
                null,
                "invalid_api_key",
                "a valid key is needed: Authorization: Bearer KEY, or X-Api-Key: KEY",
                Map.of("WWW-Authenticate", challenge));
    }

    static ApiError modelNotFound(String message) {
        return new ApiError(404, INVALID, "model", "model_not_found", message, Map.of());
    }

    /** The request as HTTP has it is wrong. @param code a word for programs */
    static ApiError http(int status, String code, String message) {
        return new ApiError(status, INVALID, null, code, message, Map.of());
    }

    static ApiError methodNotAllowed(String allowed) {
        return new ApiError(
                405, INVALID, null, "method_not_allowed", "this path takes " + allowed, Map.of("Allow", allowed));
    }

    /** Too many requests wait. @param seconds after which it may be worth asking again */
    static ApiError busy(String message, long seconds) {
        return new ApiError(
                429, "rate_limit_error", null, "queue_full", message, Map.of("Retry-After", Long.toString(seconds)));
    }

    /** There are as many connections as there may be. */
    static ApiError crowded() {
        return new ApiError(
                503,
                "service_unavailable_error",
                null,
                "too_many_connections",
                "there are too many connections, or too many of yours; try again later",
                Map.of("Retry-After", "1", "Connection", "close"));
    }

    static ApiError stopping() {
        return new ApiError(
                503,
                "service_unavailable_error",
                null,
                "stopping",
                "the server is being stopped",
                Map.of("Retry-After", "5"));
    }

    static ApiError internal() {
        return new ApiError(
                500, "server_error", null, null, "the server failed at this request; its log says more", Map.of());
    }

    /** Nothing is answered any more. */
    static ApiError failed() {
        return new ApiError(
                500,
                "server_error",
                null,
                "decoder_failed",
                "this server cannot answer any more; its log says why; restart it",
                Map.of());
    }

    int status() {
        return status;
    }

    /** Headers that belong to this status. */
    Map<String, String> headers() {
        return headers;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** {@code {"error": {message, type, param, code}}}. */
    ObjectNode json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putObject("error")
                .put("message", getMessage())
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return root;
    }
}
