package dev.distill.teacher.embedded;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes one response over HTTP/1.1: whole, or in pieces (chunked) with an end that may be left out. */
final class HttpResponse {
    private static final Map<Integer, String> REASONS = Map.of(
            200, "OK",
            400, "Bad Request",
            401, "Unauthorized",
            404, "Not Found",
            413, "Content Too Large",
            429, "Too Many Requests",
            503, "Service Unavailable");

    private final BufferedOutputStream out;

    HttpResponse(OutputStream socket) {
        this.out = new BufferedOutputStream(socket, 4096);
    }

    /** A JSON body, whole. */
    void whole(int status, Map<String, String> headers, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        head(status, "Content-Type: application/json\r\n" + lines(headers) + "Content-Length: " + body.length + "\r\n");
        out.write(body);
        out.flush();
    }

    /** A JSON body of which less is sent than its length says. */
    void torn(String json, int sent) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        head(200, "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n");
        out.write(body, 0, Math.min(sent, body.length - 1));
        out.flush();
    }

    void beginStream() throws IOException {
        head(
                200,
                "Content-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
                        + "Transfer-Encoding: chunked\r\n");
    }

    /** The next piece; it may wait in the buffer. */
    void piece(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ascii(Integer.toHexString(bytes.length) + "\r\n");
        out.write(bytes);
        ascii("\r\n");
    }

    void flush() throws IOException {
        out.flush();
    }

    void endStream() throws IOException {
        ascii("0\r\n\r\n");
        out.flush();
    }

    private void head(int status, String headers) throws IOException {
        ascii("HTTP/1.1 " + status + " " + REASONS.getOrDefault(status, "Error") + "\r\n" + headers + "\r\n");
    }

    private static String lines(Map<String, String> headers) {
        StringBuilder lines = new StringBuilder();
        headers.forEach(
                (name, value) -> lines.append(name).append(": ").append(value).append("\r\n"));
        return lines.toString();
    }

    private void ascii(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
