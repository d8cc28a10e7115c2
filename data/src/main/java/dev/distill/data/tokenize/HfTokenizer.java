package dev.distill.data.tokenize;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import dev.distill.data.tokenize.TokenizerException.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A {@code tokenizer.json} of Hugging Face, run by Hugging Face's own native code: for those that {@link BpeTokenizer} cannot run, and its
 * oracle in tests. Needs no network.
 *
 * <p>The library is told not to truncate, not to pad and to add no special tokens (its defaults do all three), and it
 * never sees {@code tokenizer_config.json}, which would turn them on again.
 *
 * <p>Safe for several threads. The native memory is freed by {@link #close}, or else when the object is collected.
 */
public final class HfTokenizer implements Tokenizer {
    private static final Map<String, String> OPTIONS =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final HuggingFaceTokenizer library;
    private final TokenIds ids;
    private final String sha256;

    private HfTokenizer(HuggingFaceTokenizer library, TokenIds ids, String sha256) {
        this.library = library;
        this.ids = ids;
        this.sha256 = sha256;
    }

    /**
     * Opens a model's folder, or a {@code tokenizer.json} itself.
     *
     * @throws TokenizerException if the file is missing or broken, or if native code does not load here
     */
    public static HfTokenizer open(Path path) {
        TokenizerFile file = TokenizerFile.read(path);
        return of(file.json(), file.name());
    }

    /** The tokenizer that this {@code tokenizer.json} defines; {@code name} says in messages where it came from. */
    static HfTokenizer of(byte[] json, String name) {
        checkNativeCode(name);
        try {
            TokenIds ids = TokenIds.read(json);
            HuggingFaceTokenizer library = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS);
            return new HfTokenizer(library, ids, TokenizerFile.sha256(json));
        } catch (IOException | RuntimeException e) {
            throw TokenizerFile.broken(name, e);
        }
    }

    private static void checkNativeCode(String name) {
        try {
            LibUtils.checkStatus();
        } catch (LinkageError | RuntimeException e) {
            throw new TokenizerException(
                    Fault.NATIVE_CODE,
                    "tokenizer " + name + ": the native code of ai.djl.huggingface:tokenizers does not load on "
                            + System.getProperty("os.name") + " " + System.getProperty("os.arch") + " ("
                            + e.getMessage()
                            + "); it is unpacked into ~/.djl.ai: set DJL_CACHE_DIR to a folder that can be written",
                    e);
        }
    }

    @Override
    public int[] encode(String text) {
        return narrow(library.encode(wellFormed(text), false, false).getIds());
    }

    @Override
    public List<int[]> encodeAll(List<String> texts) {
        if (texts.isEmpty()) {
            return List.of();
        }
        List<int[]> result = new ArrayList<>(texts.size());
        String[] clean = texts.stream().map(HfTokenizer::wellFormed).toArray(String[]::new);
        for (Encoding encoding : library.batchEncode(clean, false, false)) {
            result.add(narrow(encoding.getIds()));
        }
        return result;
    }

    /** {@inheritDoc} An id beyond the vocabulary has no text and is left out. */
    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        BpeTokenizer.requireIds(ids);
        return library.decode(Arrays.stream(ids).asLongStream().toArray(), skipSpecialTokens);
    }

    @Override
    public int vocabularySize() {
        return ids.size();
    }

    @Override
    public OptionalInt id(String token) {
        Integer id = ids.id(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public String engine() {
        return "Hugging Face's tokenizers, native code";
    }

    @Override
    public void close() {
        library.close();
    }

    private static int[] narrow(long[] ids) {
        int[] result = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            result[i] = Math.toIntExact(ids[i]);
        }
        return result;
    }

    /** Half a surrogate pair has no UTF-8 and stops the native code: it becomes U+FFFD, as in every decoder. */
    private static String wellFormed(String text) {
        if (text.codePoints().noneMatch(HfTokenizer::isLoneSurrogate)) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints().forEach(c -> result.appendCodePoint(isLoneSurrogate(c) ? 0xFFFD : c));
        return result.toString();
    }

    private static boolean isLoneSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
