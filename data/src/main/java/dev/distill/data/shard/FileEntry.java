package dev.distill.data.shard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * One file that a stage read or wrote.
 *
 * @param path as the manifest names it: relative to its folder for an output, as it was given for an input
 * @param bytes its length
 * @param sha256 of its content, 64 hex digits
 * @param rows traces, samples or lines in it, where it has such
 */
public record FileEntry(String path, long bytes, String sha256, OptionalLong rows) {
    private static final int BUFFER = 1 << 18;

    public FileEntry {
        if (bytes < 0 || !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("file " + path + ": need bytes >= 0 and a sha256 of 64 hex digits; got "
                    + bytes + " and " + sha256);
        }
    }

    /** Reads the whole file once. */
    public static FileEntry of(String path, Path file) throws IOException {
        return new FileEntry(path, Files.size(file), sha256(file), OptionalLong.empty());
    }

    /** {@link #of(String, Path)} for a file whose rows are known. */
    public static FileEntry of(String path, Path file, long rows) throws IOException {
        return new FileEntry(path, Files.size(file), sha256(file), OptionalLong.of(rows));
    }

    /** The SHA-256 of a file's content, 64 hex digits. */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** An empty SHA-256. */
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException("every Java platform has SHA-256", e));
        }
    }
}
