package dev.distill.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hash that names a blob, computed while its bytes pass by: the SHA-256 of the content for what the hub keeps in large
 * file storage (64 hex digits), git's own SHA-1 of {@code "blob SIZE\0"} and the content for the rest (40).
 */
final class BlobHash {
    static final int SHA256_DIGITS = 64;
    static final int SHA1_DIGITS = 40;

    private final String expected;
    private final MessageDigest digest;

    /**
     * A hash of no bytes yet.
     *
     * @param expected {@link RemoteFile#etag}
     * @param size of the whole content, in bytes
     */
    BlobHash(String expected, long size) {
        this.expected = expected;
        boolean large = expected.length() == SHA256_DIGITS;
        this.digest = digest(large ? "SHA-256" : "SHA-1");
        if (!large) {
            digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
        }
    }

    void update(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }

    /** What the bytes so far come to. May be asked at any time, and again. */
    String value() {
        try {
            MessageDigest soFar = (MessageDigest) digest.clone();
            return HexFormat.of().formatHex(soFar.digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own digests can be cloned", e);
        }
    }

    boolean matches() {
        return value().equals(expected);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
