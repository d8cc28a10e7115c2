package dev.distill.data.tokenize;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

/**
 * Text to token ids and back. Implementations are safe for use by several threads.
 *
 * <p>{@code encode} recognises the special tokens that stand in the text (a rendered chat template holds them) and adds
 * none of its own; it never truncates and never pads.
 */
public interface Tokenizer extends AutoCloseable {
    /** The ids of this text. */
    int[] encode(String text);

    /** The ids of many texts, in their order, on all cores where the implementation can. */
    default List<int[]> encodeAll(List<String> texts) {
        return texts.stream().map(this::encode).toList();
    }

    /** The text of these ids; bytes that are no UTF-8 become U+FFFD. Special tokens are written out or left out. */
    String decode(int[] ids, boolean skipSpecialTokens);

    /**
     * The bytes of this token as they stand within a text, special tokens written out. They may be part of a character; an implementation that does
     * not know its tokens' bytes gives U+FFFD for such a part.
     */
    default byte[] bytes(int id) {
        String alone = decode(new int[] {id}, false); // SentencePiece drops the space of a text's first word
        return decode(new int[] {id, id}, false).substring(alone.length()).getBytes(StandardCharsets.UTF_8);
    }

    /** One more than the highest id, added tokens included. A model's embedding may have more rows (padding). */
    int vocabularySize();

    /** The id of this token's exact text, special tokens included; empty where there is none. */
    OptionalInt id(String token);

    /** SHA-256 of the tokenizer's definition, 64 hex digits: two students can share teacher probabilities if it is equal. */
    String sha256();

    /** What runs it, in words for people. */
    default String engine() {
        return getClass().getSimpleName();
    }

    /** Frees native memory, where there is some. */
    @Override
    default void close() {}
}
