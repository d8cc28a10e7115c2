package dev.distill.serve;

import dev.distill.teacher.ApiKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask. With keys, whoever has one, as {@code Authorization: Bearer}, as {@code X-Api-Key}, or (a browser) as the password of {@code
 * Authorization: Basic}. Without, this machine alone, by one of its own names: a name that another site lets point here (DNS rebinding) is refused.
 *
 * @param keys none where empty
 */
record Access(List<ApiKey> keys) {
    /** With any port: it may be another one at the near end of a tunnel. */
    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    Access {
        keys = List.copyOf(keys);
    }

    /**
     * Lets a request in.
     *
     * @param page whether a browser asks for the page
     * @return the client, for those who share fairly: its key and its address
     */
    String client(HttpHeaders headers, SocketAddress from, boolean page) throws ApiError {
        String address = from instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress()
                : "";
        if (keys.isEmpty()) {
            requireOwnName(headers.get(HttpHeaderNames.HOST));
            return address;
        }
        String given = given(headers);
        int found = -1;
        for (int i = 0; i < keys.size(); i++) { // all of them, so that it takes as long whichever it is
            found = keys.get(i).isSecret(given == null ? "" : given) ? i : found;
        }
        if (given == null || found < 0) {
            throw ApiError.unauthorized(page ? "Basic realm=\"distill\"" : "Bearer");
        }
        return found + "@" + address;
    }

    private static void requireOwnName(@Nullable String host) throws ApiError {
        if (host == null || !HOSTS.contains(host.replaceFirst(":\\d{1,5}$", ""))) {
            throw ApiError.http(
                    421, "misdirected_request", "this server is for its own machine: ask for 127.0.0.1 or localhost");
        }
    }

    private static @Nullable String given(HttpHeaders headers) {
        String own = headers.get("X-Api-Key");
        if (own != null) {
            return own.strip();
        }
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        if (authorization == null) {
            return null;
        }
        if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        if (authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return password(authorization.substring(BASIC.length()).strip());
        }
        return null;
    }

    private static @Nullable String password(String basic) {
        try {
            String pair = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
