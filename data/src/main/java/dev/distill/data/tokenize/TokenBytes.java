package dev.distill.data.tokenize;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;

/** The bytes of each token of a byte-level BPE: ids back to text. Immutable. */
final class TokenBytes {
    private final byte[] bytes;
    /** Where the bytes of an id begin; those of the next id end them. */
    private final int[] begins;
    /** Tokens that are left out when special ones are skipped. */
    private final BitSet special;

    /** @param texts by id, in {@link ByteAlphabet}'s letters; a token with any other letter stands for its own text */
    TokenBytes(Map<Integer, String> texts, int size, BitSet special) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        this.begins = new int[size + 1];
        for (int id = 0; id < size; id++) {
            begins[id] = all.size();
            all.writeBytes(bytes(texts.getOrDefault(id, "")));
        }
        begins[size] = all.size();
        this.bytes = all.toByteArray();
        this.special = special;
    }

    private static byte[] bytes(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            int b = ByteAlphabet.value(text.charAt(i));
            if (b < 0) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) b;
        }
        return bytes;
    }

    /** Those of this id, not negative; none for one beyond the vocabulary. */
    byte[] of(int id) {
        return id >= begins.length - 1 ? new byte[0] : Arrays.copyOfRange(bytes, begins[id], begins[id + 1]);
    }

    /** The text of these ids, none of them negative; those beyond the vocabulary have none. */
    String text(int[] ids, boolean skipSpecialTokens) {
        byte[] all = new byte[16 + 4 * ids.length];
        int size = 0;
        for (int id : ids) {
            if (id >= begins.length - 1 || (skipSpecialTokens && special.get(id))) {
                continue;
            }
            int count = begins[id + 1] - begins[id];
            if (size + count > all.length) {
                all = Arrays.copyOf(all, Math.max(2 * all.length, size + count));
            }
            System.arraycopy(bytes, begins[id], all, size, count);
            size += count;
        }
        return new String(all, 0, size, StandardCharsets.UTF_8);
    }
}
