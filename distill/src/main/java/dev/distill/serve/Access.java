package dev.distill.serve;

import dev.distill.teacher.ApiKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask. With keys, whoever has one, as {@code Authorization: Bearer}, as {@code X-Api-Key}, or (a browser) as the password of {@code
 * Authorization: Basic}. Without, this machine alone, by one of its own names: a name that another site lets point here (DNS rebinding) is refused.
 *
 * @param keys none where empty
 * @param names of this machine, in small letters; each with any port: it may be another one at the near end of a tunnel
 */
record Access(List<ApiKey> keys, Set<String> names) {
    private static final int NETWORK = 8; // bytes of an IPv6 address
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    Access {
        keys = List.copyOf(keys);
        names = Set.copyOf(names);
    }

    boolean needsKey() {
        return !keys.isEmpty();
    }

    /**
     * Who asks from there, for those who share fairly: an address, or the network of an IPv6 address, of which whoever has one has 2^64.
     */
    static String address(@Nullable SocketAddress from) {
        if (!(from instanceof InetSocketAddress internet) || internet.getAddress() == null) {
            return "";
        }
        byte[] address = internet.getAddress().getAddress();
        return internet.getAddress() instanceof Inet4Address
                ? internet.getAddress().getHostAddress()
                : HexFormat.ofDelimiter(":").formatHex(address, 0, NETWORK);
    }

    /**
     * Lets a request in.
     *
     * @param page whether a browser asks for the page
     * @return the client, for those who share fairly: its key where each has one of its own, else its address
     */
    String client(HttpHeaders headers, SocketAddress from, boolean page) throws ApiError {
        if (keys.isEmpty()) {
            requireOwnName(headers.get(HttpHeaderNames.HOST));
            return address(from);
        }
        String given = given(headers);
        int found = -1;
        for (int i = 0; i < keys.size(); i++) { // all of them, so that it takes as long whichever it is
            found = keys.get(i).isSecret(given == null ? "" : given) ? i : found;
        }
        if (given == null || found < 0) {
            throw ApiError.unauthorized(page ? "Basic realm=\"distill\"" : "Bearer");
        }
        return keys.size() > 1 ? "key " + found : address(from);
    }

    private void requireOwnName(@Nullable String host) throws ApiError {
        if (host == null || !names.contains(host.replaceFirst(":\\d{1,5}$", "").toLowerCase(Locale.ROOT))) {
            throw ApiError.http(
                    421,
                    "misdirected_request",
                    "this server is for its own machine: ask for " + String.join(" or ", new TreeSet<>(names)));
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
