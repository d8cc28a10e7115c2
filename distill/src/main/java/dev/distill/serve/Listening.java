package dev.distill.serve;

import dev.distill.teacher.ApiKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Where a server listens, and to whom.
 *
 * @param host an address of this machine, or a name of one
 * @param port 0 for one that is free
 * @param keys that let in; none only on loopback
 */
public record Listening(String host, int port, List<ApiKey> keys) {
    private static final int LAST_PORT = 65_535;

    /** @throws IllegalArgumentException if it would be open to others without a key */
    public Listening {
        keys = List.copyOf(keys);
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("--port must be from 0 to " + LAST_PORT + "; got " + port);
        }
        if (keys.isEmpty() && !address(host).isLoopbackAddress()) {
            throw new IllegalArgumentException("--host " + host + " lets other machines in, which needs a key: set"
                    + " DISTILL_SERVE_KEY, or give a file with --key-file");
        }
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("--host " + host + ": there is no such address", e);
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(address(host), port);
    }
}
