package dev.distill.data.trace;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names by content: SHA-256 over length-prefixed parts, so that no two lists of parts run together. */
public final class Hash {
    private Hash() {}

    /** The first 128 bits, as 32 hex digits, of the SHA-256 of these parts, each preceded by its length in bytes. */
    public static String of(Iterable<String> parts) {
        MessageDigest digest = sha256();
        byte[] length = new byte[Integer.BYTES];
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            ByteBuffer.wrap(length).putInt(bytes.length);
            digest.update(length);
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
