package dev.distill.hub;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One model's part of the cache, as {@code huggingface_hub} lays it out (docs/formats.md):
 *
 * <pre>
 * models--OWNER--NAME/blobs/ETAG              contents, by their hashes
 * models--OWNER--NAME/blobs/ETAG.incomplete   a content on its way
 * models--OWNER--NAME/snapshots/COMMIT/FILE   relative links to blobs
 * models--OWNER--NAME/refs/REVISION           the commit that a branch or tag meant last
 * .locks/models--OWNER--NAME/ETAG.lock        held by who fetches that blob
 * </pre>
 *
 * A data set's begins with {@code datasets--}.
 */
final class HubCache {
    /** What backup programs look for (bford.info/cachedir); huggingface_hub puts it here too. */
    private static final String TAG = "CACHEDIR.TAG";

    private static final String TAG_TEXT = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This folder is a cache of models that can be fetched again; backups may leave it out.
            """;

    private final Storage storage = Storage.local();
    private final Path root;
    private final Path model;
    private final Path locks;

    /**
     * The part of one model or data set; nothing is written yet.
     *
     * @param root {@link HubSettings#cache}
     */
    HubCache(Path root, HubId id) {
        String name = id.kind().plural() + "--" + id.repository().replace("/", "--");
        this.root = root;
        this.model = root.resolve(name);
        this.locks = root.resolve(".locks").resolve(name);
    }

    Path root() {
        return root;
    }

    Path snapshot(String commit) {
        return model.resolve("snapshots").resolve(commit);
    }

    Path blob(RemoteFile file) {
        return model.resolve("blobs").resolve(file.etag());
    }

    Path incomplete(RemoteFile file) {
        return model.resolve("blobs").resolve(file.etag() + ".incomplete");
    }

    Path lock(RemoteFile file) {
        return locks.resolve(file.etag() + ".lock");
    }

    /** The commit that this revision meant when it was last fetched; a commit means itself. */
    Optional<String> commit(String revision) throws IOException {
        if (HubId.isCommit(revision)) {
            return Optional.of(revision);
        }
        Path ref = ref(revision);
        return Files.isRegularFile(ref)
                ? Optional.of(Files.readString(ref).strip()).filter(HubId::isCommit)
                : Optional.empty();
    }

    /** Makes the folders that hold contents and links. */
    void prepare() throws IOException {
        storage.createFolder(model.resolve("blobs"));
        storage.createFolder(model.resolve("snapshots"));
        storage.createFolder(locks);
        Path tag = root.resolve(TAG);
        if (!Files.exists(tag)) {
            AtomicFile.write(tag, TAG_TEXT);
        }
    }

    /** Whether this file is in the snapshot, with all its bytes as far as its length says. */
    boolean isIn(String commit, RemoteFile file) throws IOException {
        return isWhole(snapshot(commit).resolve(file.name()), file);
    }

    /** Whether this content is here, likewise. */
    boolean hasBlob(RemoteFile file) throws IOException {
        return isWhole(blob(file), file);
    }

    private static boolean isWhole(Path path, RemoteFile file) throws IOException {
        return Files.isRegularFile(path) && Files.size(path) == file.size();
    }

    /** Bytes of this file that need not be fetched any more. */
    long bytesHere(String commit, RemoteFile file) throws IOException {
        if (isIn(commit, file) || hasBlob(file)) {
            return file.size();
        }
        Path part = incomplete(file);
        long bytes = Files.isRegularFile(part) ? Files.size(part) : 0;
        return bytes <= file.size() ? bytes : 0;
    }

    /** Lets the snapshot's name for this file lead to its content, which is here. */
    void link(String commit, RemoteFile file) throws IOException {
        Path link = snapshot(commit).resolve(file.name());
        Path folder = parent(link);
        storage.createFolder(folder);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, folder.relativize(blob(file)));
        storage.syncFolder(folder);
    }

    /**
     * Says which commit this revision means now; last of all, so that the name never leads to half a model. In a cache that
     * may only be read, where all of the model was there, nothing is said.
     */
    void point(String revision, String commit) throws IOException {
        if (HubId.isCommit(revision)
                || commit(revision).filter(commit::equals).isPresent()
                || !Files.isWritable(model)) {
            return;
        }
        Path ref = ref(revision);
        storage.createFolder(parent(ref));
        String mark = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        Path temporary = ref.resolveSibling(ref.getFileName() + "." + mark + ".tmp");
        try (Storage.Output out = storage.create(temporary)) {
            out.write(ByteBuffer.wrap(commit.getBytes(StandardCharsets.US_ASCII)));
            out.sync();
        }
        AtomicFile.publish(storage, temporary, ref);
    }

    private static Path parent(Path inTheModel) {
        return Objects.requireNonNull(inTheModel.getParent(), "whatever lies in a model's folder has a parent");
    }

    private Path ref(String revision) {
        return model.resolve("refs").resolve(revision);
    }
}
