package dev.distill.hub;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.Storage;
import dev.distill.teacher.RetryAdvice;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one content into the cache: into {@code ETAG.incomplete}, from where an earlier attempt or process left it,
 * hashed as it passes, synced, and renamed only if it is what its name says.
 */
final class Download {
    private static final Logger LOG = LoggerFactory.getLogger(Download.class);
    private static final int BUFFER = 1 << 16;

    private final HubClient client;
    private final HubId id;
    private final String commit;
    private final RemoteFile file;
    private final Path incomplete;
    private final Path blob;
    private final Storage storage = Storage.local();
    private BlobHash hash;
    private volatile long received;
    private LongConsumer progress = bytes -> {};

    Download(HubClient client, HubCache cache, HubId id, String commit, RemoteFile file) {
        this.client = client;
        this.id = id;
        this.commit = commit;
        this.file = file;
        this.incomplete = cache.incomplete(file);
        this.blob = cache.blob(file);
        this.hash = file.hash();
    }

    /**
     * Fetches what is missing. The caller holds the blob's lock.
     *
     * @param listener hears how many bytes of the content are here
     */
    void run(LongConsumer listener) throws IOException {
        progress = listener;
        boolean continued = takeUp();
        transfer();
        if (!hash.matches() && continued) {
            LOG.warn("{}: what an earlier run left of {} was not sound; it is fetched anew", id, file.name());
            startOver();
            transfer();
        }
        if (!hash.matches()) {
            storage.delete(incomplete);
            throw damaged("its bytes have the hash " + hash.value() + " where the hub's list says " + file.etag());
        }
        try (Storage.Output out = storage.append(incomplete)) {
            out.sync();
        }
        AtomicFile.publish(storage, incomplete, blob);
    }

    /** Hashes what an earlier process left. Returns whether there was anything. */
    private boolean takeUp() throws IOException {
        if (!Files.isRegularFile(incomplete) || Files.size(incomplete) > file.size()) {
            startOver();
            return false;
        }
        byte[] buffer = new byte[BUFFER];
        long found = 0;
        try (InputStream in = Files.newInputStream(incomplete)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hash.update(buffer, 0, n);
                found += n;
            }
        }
        received = found;
        return found > 0;
    }

    private void startOver() throws IOException {
        storage.create(incomplete).close();
        hash = file.hash();
        received = 0;
    }

    private void transfer() throws IOException {
        if (received < file.size()) {
            client.attempts().run(this::exchange, () -> received);
        }
    }

    /** One request, to its end or until the connection breaks; what has come stays and counts. */
    private boolean exchange() throws IOException {
        try (HubClient.Body body = client.open(id, commit, file, received)) {
            if (body.from() == 0) {
                startOver();
            }
            try (Storage.Output out = storage.append(incomplete)) {
                out.truncate(received); // bytes that were written but not counted when the last exchange ended
                receive(body, out);
            }
        }
        if (received < file.size()) {
            throw new PassingException(
                    file.name() + " ended after " + received + " of " + file.size() + " bytes", RetryAdvice.NONE);
        }
        return true;
    }

    private void receive(HubClient.Body body, Storage.Output out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int n = client.read(body, buffer); n >= 0; n = client.read(body, buffer)) {
            long now = received + n;
            if (now > file.size()) {
                storage.delete(incomplete);
                throw damaged("the server sends more than its " + file.size() + " bytes");
            }
            out.write(ByteBuffer.wrap(buffer, 0, n));
            hash.update(buffer, 0, n);
            received = now;
            progress.accept(now);
        }
    }

    private HubException damaged(String what) {
        return new HubException(
                HubException.Kind.DAMAGED,
                "hub: " + id + ": " + file.name() + ": must be the file that the hub's list names; " + what
                        + ". It was thrown away; the same command fetches it again, and if that does not help, tell"
                        + " those who run the server");
    }
}
