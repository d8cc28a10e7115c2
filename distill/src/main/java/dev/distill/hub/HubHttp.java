package dev.distill.hub;

import dev.distill.teacher.ApiKey;
import dev.distill.teacher.RetryAdvice;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;

/**
 * One request at a time, followed to where its answer is. Redirects are followed here and not by the JDK's client, for the token
 * goes to the endpoint's own host and port alone, and nothing goes where it could be read on the way.
 *
 * <p>The JDK's own time-out for requests is not used: what it covers differs between releases. {@link Watch} has the clock.
 */
final class HubHttp implements AutoCloseable {
    private static final int MOST_REDIRECTS = 10;
    private static final String IDENTITY = "identity"; // sizes and hashes are those of the bytes as they are

    private final HubSettings settings;
    private final Watch watch;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http;

    HubHttp(HubSettings settings, Patience patience, Watch watch) {
        this.settings = settings;
        this.watch = watch;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connect())
                .executor(threads)
                .build();
    }

    /** Sends a request and follows it to where the answer is. A HEAD ends where it would leave the endpoint. */
    HttpResponse<InputStream> send(String method, URI first, long from, HubId id) throws IOException {
        URI address = first;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> reply = exchange(method, address, from);
            watch.heard();
            Optional<URI> next = redirect(reply, address);
            if (next.isEmpty()) {
                Replies.check(reply, isEndpoint(address), id, settings);
                return reply;
            }
            if (!HubSettings.isSafe(next.get())) {
                reply.body().close();
                throw new HubException(
                        HubException.Kind.UNSAFE,
                        "hub: " + id + ": redirects must lead to https, or to this machine; the server sends us to "
                                + masked(next.get().getScheme() + "://"
                                        + next.get().getHost()));
            }
            if (method.equals("HEAD") && !isEndpoint(next.get())) {
                return reply;
            }
            reply.body().close();
            address = next.get();
        }
        throw new HubException(
                HubException.Kind.UNREACHABLE,
                "hub: " + id + ": more than " + MOST_REDIRECTS + " redirects; is HF_ENDPOINT the address of a hub?");
    }

    private HttpResponse<InputStream> exchange(String method, URI address, long from) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("User-Agent", "distill")
                .header("Accept-Encoding", IDENTITY);
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        ApiKey token = settings.token();
        if (token.isPresent() && isEndpoint(address)) {
            request.header("Authorization", token.authorization());
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("hub: interrupted");
        } catch (SSLException e) {
            throw away("the connection is not safe: " + e.getMessage() + "; is a proxy in the way?");
        } catch (IOException e) {
            if (isUnknownHost(e)) {
                throw away("nobody knows the host " + address.getHost() + "; is there a network?");
            }
            throw passing(e);
        }
    }

    private static boolean isUnknownHost(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    /** What a server sent may hold what it was sent. */
    private String masked(String sent) {
        return settings.token().mask(sent);
    }

    private static PassingException passing(IOException e) {
        String said = e instanceof ConnectException ? "no connection" : "the connection broke (" + e.getMessage() + ")";
        return new PassingException(said, RetryAdvice.NONE);
    }

    private HubException away(String why) {
        return new HubException(
                HubException.Kind.UNREACHABLE, "hub: " + settings.endpoint() + " cannot be reached: " + why);
    }

    private static Optional<URI> redirect(HttpResponse<?> reply, URI from) throws IOException {
        return switch (reply.statusCode()) {
            case 301, 302, 303, 307, 308 -> {
                String to = header(reply, "Location").orElse("");
                try {
                    yield Optional.of(from.resolve(to));
                } catch (IllegalArgumentException e) {
                    throw new PassingException("a redirect to no address", RetryAdvice.NONE);
                }
            }
            default -> Optional.empty();
        };
    }

    /** Whether an address is of the endpoint's own scheme, host and port. */
    private boolean isEndpoint(URI address) {
        URI own = settings.endpoint();
        return own.getScheme().equalsIgnoreCase(address.getScheme())
                && own.getHost().equalsIgnoreCase(address.getHost())
                && port(own) == port(address);
    }

    private static int port(URI address) {
        return address.getPort() >= 0 ? address.getPort() : address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    /** The next bytes of a content; -1 at its end. A connection that breaks is a passing failure. */
    int read(InputStream body, byte[] buffer) throws IOException {
        try {
            int n = body.read(buffer);
            watch.heard();
            return n;
        } catch (IOException e) {
            throw passing(e);
        }
    }

    /** A whole content of moderate size; what is longer is cut. */
    byte[] read(InputStream body, int longest) throws IOException {
        try {
            return body.readNBytes(longest);
        } catch (IOException e) {
            throw passing(e);
        }
    }

    static Optional<String> header(HttpResponse<?> reply, String name) {
        return reply.headers().firstValue(name);
    }

    @Override
    public void close() {
        http.shutdownNow();
        threads.shutdown();
    }
}
