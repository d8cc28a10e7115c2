package dev.distill.serve;

import dev.distill.teacher.ApiKey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where a server listens, and to whom.
 *
 * @param host an address of this machine, or a name of one
 * @param address that it stands for; looked up once, so that what was found to be this machine's alone is what is listened at
 * @param port 0 for one that is free
 * @param keys that let in; none only on loopback
 */
public record Listening(String host, InetAddress address, int port, List<ApiKey> keys) {
    private static final int LAST_PORT = 65_535;

    /** @throws IllegalArgumentException if it would be open to others without a key */
    public Listening {
        keys = List.copyOf(keys);
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("--port must be from 0 to " + LAST_PORT + "; got " + port);
        }
        if (keys.isEmpty() && !address.isLoopbackAddress()) {
            throw new IllegalArgumentException("--host " + host + " lets other machines in, which needs a key: set"
                    + " DISTILL_SERVE_KEY, or give a file with --key-file");
        }
    }

    /** @throws IllegalArgumentException if there is no such host, or it would be open to others without a key */
    public Listening(String host, int port, List<ApiKey> keys) {
        this(host, lookUp(host), port, keys);
    }

    private static InetAddress lookUp(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("--host " + host + ": there is no such address", e);
        }
    }

    InetSocketAddress socket() {
        return new InetSocketAddress(address, port);
    }

    /** What this machine may be called by in requests that need no key, in small letters. */
    Set<String> names() {
        Set<String> names = new HashSet<>(Set.of("127.0.0.1", "localhost", "[::1]"));
        String numbers = address.getHostAddress();
        names.add(address instanceof Inet6Address ? "[" + numbers + "]" : numbers);
        names.add(host.contains(":") ? "[" + host.toLowerCase(Locale.ROOT) + "]" : host.toLowerCase(Locale.ROOT));
        return names;
    }
}
