package dev.distill.teacher.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came over HTTP/1.1.
 *
 * @param method for example {@code POST}
 * @param path without the query
 * @param headers names in lower case
 * @param body its bytes
 */
record HttpRequest(String method, String path, Map<String, String> headers, byte[] body) {
    private static final int LONGEST_LINE = 16_384;
    private static final int MOST_HEADERS = 100;
    static final int LONGEST_BODY = 4 << 20;

    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    boolean keepAlive() {
        return !"close".equalsIgnoreCase(headers.getOrDefault("connection", ""));
    }

    /** The next request on this connection; empty where the client has closed it between two requests. */
    static Optional<HttpRequest> read(InputStream in) throws IOException, Refused {
        String first = line(in);
        if (first == null) {
            return Optional.empty();
        }
        String[] words = first.split(" ", -1);
        if (words.length != 3 || !words[2].equals("HTTP/1.1")) {
            throw Refused.badRequest("not an HTTP/1.1 request line");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 1 || headers.size() == MOST_HEADERS) {
                throw Refused.badRequest("a header line without a colon, or more than " + MOST_HEADERS + " headers");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return Optional.of(new HttpRequest(words[0], words[1].replaceFirst("\\?.*", ""), headers, body(in, headers)));
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException, Refused {
        if (headers.containsKey("transfer-encoding")) {
            throw Refused.badRequest("this server wants a Content-Length, not a chunked body");
        }
        String length = headers.getOrDefault("content-length", "0");
        if (!length.matches("[0-9]{1,10}")) {
            throw Refused.badRequest("Content-Length must be a number");
        }
        if (Long.parseLong(length) > LONGEST_BODY) {
            throw Refused.tooLarge(LONGEST_BODY);
        }
        byte[] body = in.readNBytes(Integer.parseInt(length));
        if (body.length < Integer.parseInt(length)) {
            throw new IOException("the client closed the connection in the middle of its request");
        }
        return body;
    }

    /** One line without its end; null at the end of the stream. */
    private static @Nullable String line(InputStream in) throws IOException, Refused {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (line.length() == LONGEST_LINE) {
                throw Refused.badRequest("a header line of more than " + LONGEST_LINE + " bytes");
            }
            line.append((char) c);
        }
        int end = line.length();
        return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
    }
}
