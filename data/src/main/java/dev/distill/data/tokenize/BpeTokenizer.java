package dev.distill.data.tokenize;

import dev.distill.data.tokenize.TokenizerException.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.stream.IntStream;

/**
 * A byte-level BPE of a {@code tokenizer.json}, in Java alone: the tokenizers of GPT-2, Qwen, Llama 3, DeepSeek and SmolLM, and those
 * of {@link BpeTrainer}. It gives the ids and the texts that Hugging Face's library gives; what it cannot read it says on opening,
 * and {@link HfTokenizer} reads it. Truncation, padding and the post-processor of the file are not its business, see {@link Tokenizer}.
 *
 * <p>Safe for several threads. Each of those that encode at a time has a cache of words, of about 3 MiB, which it leaves for the next.
 */
public final class BpeTokenizer implements Tokenizer {
    private final BpeModel model;
    private final String sha256;
    private final ArrayBlockingQueue<BpeEncoder> idle =
            new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

    private BpeTokenizer(BpeModel model, String sha256) {
        this.model = model;
        this.sha256 = sha256;
    }

    /**
     * Opens a model's folder, or a {@code tokenizer.json} itself.
     *
     * @throws TokenizerException with {@link Fault#UNSUPPORTED} if it is no byte-level BPE, or one with steps that are not known here;
     *     with {@link Fault#FILE} if the file is missing or broken
     */
    public static BpeTokenizer open(Path path) {
        TokenizerFile file = TokenizerFile.read(path);
        return of(file.json(), file.name());
    }

    /** The tokenizer that this {@code tokenizer.json} defines; {@code name} says in messages where it came from. */
    static BpeTokenizer of(byte[] json, String name) {
        try {
            return new BpeTokenizer(new BpeReader(name).read(json), TokenizerFile.sha256(json));
        } catch (IOException e) {
            throw TokenizerFile.broken(name, e);
        }
    }

    @Override
    public int[] encode(String text) {
        BpeEncoder encoder = idle.poll();
        if (encoder == null) {
            encoder = new BpeEncoder(model);
        }
        int[] ids = encoder.encode(text);
        idle.offer(encoder);
        return ids;
    }

    @Override
    public List<int[]> encodeAll(List<String> texts) {
        int[][] ids = new int[texts.size()][];
        String[] all = texts.toArray(new String[0]);
        IntStream.range(0, all.length).parallel().forEach(i -> ids[i] = encode(all[i]));
        return List.of(ids);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        requireIds(ids);
        return model.bytes().text(ids, skipSpecialTokens);
    }

    @Override
    public byte[] bytes(int id) {
        requireIds(new int[] {id});
        return model.bytes().of(id);
    }

    static void requireIds(int[] ids) {
        for (int id : ids) {
            if (id < 0) {
                throw new TokenizerException(
                        Fault.INPUT,
                        "tokenizer: a token id is at least 0; got " + id + " in " + ids.length + " ids",
                        null);
            }
        }
    }

    @Override
    public int vocabularySize() {
        return model.size();
    }

    @Override
    public OptionalInt id(String token) {
        Integer id = model.ids().get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public String engine() {
        return "byte-level BPE in Java";
    }
}
