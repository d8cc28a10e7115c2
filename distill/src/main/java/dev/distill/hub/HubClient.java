package dev.distill.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** What is asked of the hub: the list of files, what a file is, its bytes from any place on. */
final class HubClient implements AutoCloseable {
    private static final int LONGEST_LIST = 64 << 20;

    private final HubSettings settings;
    private final Attempts attempts;
    private final HubHttp http;

    HubClient(HubSettings settings, Patience patience, BooleanSupplier stop) {
        this.settings = settings;
        this.attempts = new Attempts(settings, patience, stop);
        this.http = new HubHttp(settings, patience, attempts.watch());
    }

    Attempts attempts() {
        return attempts;
    }

    /** What the revision holds now. */
    Listing list(HubId id) throws IOException {
        URI address = at("/api/" + id.kind().plural() + "/" + id.repository() + "/revision/" + encoded(id.revision())
                + "?blobs=true");
        byte[] json = attempts.run(
                () -> {
                    try (InputStream body = http.send("GET", address, 0, id).body()) {
                        return http.read(body, LONGEST_LIST);
                    }
                },
                () -> 0);
        return Listing.of(id, json, settings.token());
    }

    /** Asks for size and hash of one file, where the list did not tell them. */
    RemoteFile describe(HubId id, String commit, String name) throws IOException {
        HttpResponse<InputStream> reply = attempts.run(
                () -> {
                    HttpResponse<InputStream> head = http.send("HEAD", file(id, commit, name), 0, id);
                    head.body().close();
                    return head;
                },
                () -> 0);
        String etag = HubHttp.header(reply, "X-Linked-Etag")
                .or(() -> HubHttp.header(reply, "ETag"))
                .orElse("");
        String size = HubHttp.header(reply, "X-Linked-Size")
                .or(() -> HubHttp.header(reply, "Content-Length"))
                .orElse("");
        return RemoteFile.of(name, size.matches("\\d{1,18}") ? Long.parseLong(size) : -1, hash(etag))
                .orElseThrow(() -> new HubException(
                        HubException.Kind.UNREACHABLE,
                        "hub: " + id + ": " + name + ": the server must tell its size and hash, so that it can be"
                                + " checked; got size \"" + masked(size) + "\", hash \"" + masked(etag)
                                + "\"; is HF_ENDPOINT the"
                                + " address of a hub?"));
    }

    /** An ETag without the marks that HTTP puts around it. */
    private static String hash(String etag) {
        return etag.replaceFirst("^W/", "").replace("\"", "");
    }

    /** A content that comes in. */
    record Body(InputStream stream, long from) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            stream.close();
        }
    }

    /** The next bytes of a content; -1 at its end. A connection that breaks is a passing failure. */
    int read(Body body, byte[] buffer) throws IOException {
        return http.read(body.stream(), buffer);
    }

    /**
     * Opens a file's content. To be called within {@link Attempts#run}.
     *
     * @param from the byte to begin at; a server that cannot do so begins at 0
     */
    Body open(HubId id, String commit, RemoteFile file, long from) throws IOException {
        HttpResponse<InputStream> reply = http.send("GET", file(id, commit, file.name()), from, id);
        if (reply.statusCode() != 206) {
            return new Body(reply.body(), 0);
        }
        String range = HubHttp.header(reply, "Content-Range").orElse("");
        if (!range.equals("bytes " + from + "-" + (file.size() - 1) + "/" + file.size())) {
            reply.body().close();
            throw new HubException(
                    HubException.Kind.DAMAGED,
                    "hub: " + id + ": " + file.name() + ": must go on at byte " + from + " of " + file.size()
                            + "; the server sends \"" + masked(range) + "\"; is it the file that the list names?");
        }
        return new Body(reply.body(), from);
    }

    private URI file(HubId id, String commit, String name) {
        String path = Arrays.stream(name.split("/")).map(HubClient::encoded).collect(Collectors.joining("/"));
        return at("/" + id.kind().path() + id.repository() + "/resolve/" + commit + "/" + path);
    }

    private URI at(String path) {
        return URI.create(settings.endpoint() + path);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What a server sent may hold what it was sent. */
    private String masked(String sent) {
        return settings.token().mask(sent);
    }

    @Override
    public void close() {
        http.close();
    }
}
