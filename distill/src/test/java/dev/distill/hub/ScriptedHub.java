package dev.distill.hub;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.pace.Backoff;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A hub on loopback with one repository, a model and a data set at once, after what huggingface.co answers: the list of files, small files by a redirect within the
 * host, large ones by a redirect to another host (a second port), ranges; and what a test tells it to do wrong. It keeps a log
 * of its own.
 */
public final class ScriptedHub implements AutoCloseable {
    public static final String REPOSITORY = "tiny/student";
    public static final String COMMIT = "1111111111111111111111111111111111111111";

    /** Waits that tests can wait for. */
    static final Patience HASTY = new Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            4,
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(20), 1, 1, Duration.ofMinutes(1)));

    /** What to do wrong at one request. */
    public sealed interface Fault {
        /** Nothing. */
        record None() implements Fault {}

        /** Closes the connection after so many bytes of the content. */
        record Cut(int bytes) implements Fault {}

        /** Sends so many bytes, then nothing until the server is closed. */
        record Stall(int bytes) implements Fault {}

        /** Another status, with headers as {@code "Name: value"}. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Status(int status, String... headers) implements Fault {}

        /** Other bytes than the list names. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Content(byte[] bytes) implements Fault {}

        /** All bytes, whatever range was asked for. */
        record NoRange() implements Fault {}
    }

    /**
     * One request as it came.
     *
     * @param host {@code hub} or {@code cdn}
     * @param from first byte asked for
     * @param sent bytes of content that were sent
     */
    public record Request(String host, String method, String path, long from, String authorization, long sent) {}

    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private final List<Request> log = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer hub;
    private final HttpServer cdn;
    private volatile String commit = COMMIT;
    private volatile boolean tellsHashes = true;
    private volatile String demandedToken = "";
    private volatile byte[] otherList = {};

    public ScriptedHub(Map<String, byte[]> files) throws IOException {
        this.files.putAll(files);
        this.hub = start(this::hub);
        this.cdn = start(this::cdn);
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private HttpServer start(Handler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.start();
        return server;
    }

    /** For {@code HF_ENDPOINT}. */
    public URI url() {
        return address(hub);
    }

    private static URI address(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    HubSettings settings(Path cache) {
        return new HubSettings(url(), cache, ApiKey.NONE, false);
    }

    Hub client(Path cache) {
        return new Hub(settings(cache), HASTY);
    }

    /** From now on the model is this, at this commit. */
    public void move(String newCommit, Map<String, byte[]> newFiles) {
        commit = newCommit;
        files.clear();
        files.putAll(newFiles);
    }

    /** The list of files names no sizes and no hashes: each file must be asked for. */
    void tellNoHashes() {
        tellsHashes = false;
    }

    /** The list of files is these bytes. */
    void answerList(byte[] list) {
        otherList = list;
    }

    /** Only who shows this token gets anything of the model. */
    void demand(String token) {
        demandedToken = token;
    }

    /** What to do wrong at the next requests whose host and path ({@code "cdn /model.safetensors"}) end so, one after the other. */
    public void next(String place, Fault... wrong) {
        faults.computeIfAbsent(place, p -> new ConcurrentLinkedDeque<>()).addAll(Arrays.asList(wrong));
    }

    public List<Request> log() {
        return log;
    }

    /** Requests for contents: what a cache that has all does not make. */
    List<Request> contents() {
        return log.stream().filter(request -> request.sent() > 0).toList();
    }

    static String etag(String name, byte[] content) {
        BlobHash hash = new BlobHash(
                isLarge(name) ? "0".repeat(BlobHash.SHA256_DIGITS) : "0".repeat(BlobHash.SHA1_DIGITS), content.length);
        hash.update(content, 0, content.length);
        return hash.value();
    }

    static boolean isLarge(String name) {
        return name.endsWith(".safetensors") || name.endsWith(".gguf") || name.endsWith(".parquet");
    }

    private void hub(HttpExchange exchange) throws IOException {
        String path = URLDecoder.decode(exchange.getRequestURI().getRawPath(), StandardCharsets.UTF_8);
        if (fails(exchange, "hub", path)) {
            return;
        }
        String token = authorization(exchange);
        if (!demandedToken.isEmpty() && !token.equals("Bearer " + demandedToken)) {
            exchange.getResponseHeaders().set("X-Error-Code", "GatedRepo");
            exchange.getResponseHeaders().set("X-Error-Message", "Access to model is restricted; you sent " + token);
            reply(exchange, "hub", path, 401);
        } else if (path.startsWith("/api/models/" + REPOSITORY + "/revision/")
                || path.startsWith("/api/datasets/" + REPOSITORY + "/revision/")) {
            send(
                    exchange,
                    "hub",
                    path,
                    otherList.length > 0 ? otherList : FileLists.siblings(commit, files, tellsHashes),
                    new Fault.None());
        } else if (path.startsWith("/api/models/" + REPOSITORY + "/tree/")) {
            send(exchange, "hub", path, FileLists.tree(files), new Fault.None());
        } else if (path.startsWith("/" + REPOSITORY + "/resolve/")
                || path.startsWith("/datasets/" + REPOSITORY + "/resolve/")) {
            resolve(exchange, path);
        } else if (path.startsWith("/api/resolve-cache/")) {
            String name = path.substring("/api/resolve-cache/".length());
            send(exchange, "hub", path, files.get(name), fault("hub", path));
        } else {
            exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
            reply(exchange, "hub", path, 404);
        }
    }

    private void resolve(HttpExchange exchange, String path) throws IOException {
        String name = path.replaceFirst("(/datasets)?/" + REPOSITORY + "/resolve/[^/]+/", "");
        byte[] content = files.get(name);
        if (content == null) {
            exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
            reply(exchange, "hub", path, 404);
            return;
        }
        Headers headers = exchange.getResponseHeaders();
        headers.set("X-Repo-Commit", commit);
        headers.set("ETag", "\"" + etag(name, content) + "\"");
        if (isLarge(name)) {
            headers.set("X-Linked-Etag", "\"" + etag(name, content) + "\"");
            headers.set("X-Linked-Size", Integer.toString(content.length));
            headers.set("Location", address(cdn) + "/" + name + "?signature=secret");
            reply(exchange, "hub", path, 302);
        } else {
            headers.set("Location", "/api/resolve-cache/" + name);
            reply(exchange, "hub", path, 307);
        }
    }

    private void cdn(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Fault fault = fault("cdn", path);
        if (fault instanceof Fault.Status status) {
            fail(exchange, "cdn", path, status);
        } else {
            send(exchange, "cdn", path, files.get(path.substring(1)), fault);
        }
    }

    private boolean fails(HttpExchange exchange, String host, String path) throws IOException {
        Deque<Fault> planned = faults.get(host + " " + path);
        if (planned != null && planned.peek() instanceof Fault.Status status) {
            planned.remove();
            fail(exchange, host, path, status);
            return true;
        }
        return false;
    }

    private Fault fault(String host, String path) {
        Deque<Fault> planned = faults.get(host + " " + path);
        Fault next = planned == null ? null : planned.poll();
        return next == null ? new Fault.None() : next;
    }

    private void fail(HttpExchange exchange, String host, String path, Fault.Status status) throws IOException {
        for (String header : status.headers()) {
            String[] parts = header.split(": ", 2);
            exchange.getResponseHeaders().set(parts[0], parts[1]);
        }
        reply(exchange, host, path, status.status());
    }

    private void reply(HttpExchange exchange, String host, String path, int status) throws IOException {
        note(exchange, host, path, 0);
        exchange.sendResponseHeaders(status, -1);
    }

    private void send(HttpExchange exchange, String host, String path, byte @Nullable [] whole, Fault fault)
            throws IOException {
        byte[] content = fault instanceof Fault.Content(byte[] other) ? other : whole;
        if (content == null) {
            reply(exchange, host, path, 404);
            return;
        }
        Headers headers = exchange.getResponseHeaders();
        String name = path.substring(path.lastIndexOf('/') + 1);
        headers.set("X-Repo-Commit", commit);
        headers.set("ETag", "W/\"" + etag(name, content) + "\"");
        if (exchange.getRequestMethod().equals("HEAD")) {
            note(exchange, host, path, 0);
            headers.set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        int from = fault instanceof Fault.NoRange ? 0 : (int) from(exchange);
        if (from > 0) {
            headers.set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        int end = switch (fault) {
            case Fault.Cut(int bytes) -> from + bytes;
            case Fault.Stall(int bytes) -> from + bytes;
            default -> content.length;
        };
        note(exchange, host, path, end - from);
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        OutputStream out = exchange.getResponseBody();
        out.write(content, from, end - from);
        out.flush();
        if (fault instanceof Fault.Stall) {
            awaitEnd();
        }
    }

    private void awaitEnd() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(HttpExchange exchange, String host, String path, long sent) {
        log.add(new Request(host, exchange.getRequestMethod(), path, from(exchange), authorization(exchange), sent));
    }

    private static long from(HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Long.parseLong(range.replaceAll("bytes=(\\d+)-.*", "$1"));
    }

    private static String authorization(HttpExchange exchange) {
        String value = exchange.getRequestHeaders().getFirst("Authorization");
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        closed.countDown();
        hub.stop(0);
        cdn.stop(0);
        threads.shutdownNow();
    }
}
