package dev.distill.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file of a model, as the hub describes it.
 *
 * @param name its path inside the model, with slashes; never leads out of it
 * @param size in bytes
 * @param etag the hash of its content, see {@link BlobHash}; the blob's name in the cache
 */
record RemoteFile(String name, long size, String etag) {
    private static final Pattern HASH =
            Pattern.compile("[0-9a-f]{" + BlobHash.SHA256_DIGITS + "}|[0-9a-f]{" + BlobHash.SHA1_DIGITS + "}");
    private static final Pattern LEADS_OUT =
            Pattern.compile("/.*|[A-Za-z]:.*|.*[\\\\\\p{Cntrl}].*|(.*/)?\\.{0,2}(/.*)?", Pattern.DOTALL);

    RemoteFile {
        if (leadsOut(name) || size < 0 || !HASH.matcher(etag).matches()) {
            throw new IllegalArgumentException(
                    "remote file: need a plain name, a size and a hash; got " + name + ", " + size + ", " + etag);
        }
    }

    /** The file, where what the server said of it is enough to check it by. */
    static Optional<RemoteFile> of(String name, long size, String etag) {
        return size >= 0 && HASH.matcher(etag).matches()
                ? Optional.of(new RemoteFile(name, size, etag))
                : Optional.empty();
    }

    /** Whether a path may lead out of its folder, on this system or another: absolute, with {@code ..}, with a backslash. */
    static boolean leadsOut(String name) {
        return LEADS_OUT.matcher(name).matches();
    }

    BlobHash hash() {
        return new BlobHash(etag, size);
    }
}
