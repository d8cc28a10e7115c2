package dev.distill.data.trace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names by content: SHA-256 over length-prefixed parts, so that no two lists of parts run together. */
public final class Hash {
    private final MessageDigest digest;

    private Hash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The first 128 bits, as 32 hex digits, of the SHA-256 of these parts, each preceded by its length in bytes. */
    public static String of(Iterable<String> parts) {
        Hash hash = new Hash();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            int n = bytes.length;
            hash.digest.update(new byte[] {(byte) (n >>> 24), (byte) (n >>> 16), (byte) (n >>> 8), (byte) n});
            hash.digest.update(bytes);
        }
        return HexFormat.of().formatHex(hash.digest.digest(), 0, 16);
    }
}
