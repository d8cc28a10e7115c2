package dev.distill.respond;

import dev.distill.data.tokenize.AddedToken;
import dev.distill.data.tokenize.BpeTrainer;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.tokenize.TokenizerFile;
import dev.distill.export.HuggingFaceExport;
import dev.distill.export.WeightType;
import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.Family;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.Rope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A model folder small enough to be made in a test: two blocks of random weights, a tokenizer of a few hundred tokens. */
public final class TinyStudent {
    public static final String END_OF_TEXT = "<|endoftext|>";
    public static final String END_OF_TURN = "<|im_end|>";
    private static final String TEMPLATE = """
            {%- for m in messages -%}
            {{- '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}
            """;
    private static final String REASONING_TEMPLATE =
            TEMPLATE.strip().replace("assistant\\n'", "assistant\\n<think>\\n'");
    private static final List<String> TEXTS =
            List.of("What is two and two? Two and two is four.", "Count from one to ten, and then stop.");

    private TinyStudent() {}

    /** Writes a tokenizer and a chat template into this folder. */
    public static void writeTokenizer(Path folder) throws IOException {
        writeTokenizer(folder, List.of(END_OF_TEXT, "<|im_start|>", END_OF_TURN), TEMPLATE.strip());
    }

    private static void writeTokenizer(Path folder, List<String> special, String template) throws IOException {
        Files.createDirectories(folder);
        List<AddedToken> tokens = special.stream().map(AddedToken::special).toList();
        BpeTrainer.train(TEXTS, 300, tokens).write(folder, END_OF_TEXT, END_OF_TURN, template);
    }

    /** The config of a Qwen2-style decoder for this folder's tokenizer, its only end the end of a text. */
    public static ModelConfig config(Path folder) {
        return config(folder, 0);
    }

    /** @param missing embeddings that there are fewer than tokens */
    private static ModelConfig config(Path folder, int missing) {
        try (Tokenizer tokenizer = TokenizerFile.open(folder)) {
            return new ModelConfig(
                    new Family.Qwen2(),
                    tokenizer.vocabularySize() - missing,
                    16,
                    2,
                    new AttentionShape(2, 1, 8, true, false, false),
                    24,
                    Rope.of(10_000),
                    1e-6,
                    true,
                    256,
                    List.of(tokenizer.id(END_OF_TEXT).orElseThrow()));
        }
    }

    /** Weights far from zero, so that no two tokens are about equally likely. */
    public static ModelWeights weights(ModelConfig config, long seed) {
        return ModelWeights.random(config, 0.5, seed);
    }

    /** Writes a whole model folder in F32. */
    public static Path write(Path folder, long seed) throws IOException {
        writeTokenizer(folder);
        return writeModel(folder, seed, config(folder));
    }

    /** The same for one whose template begins the reasoning, and whose tokens have the marks around it. */
    public static Path writeReasoning(Path folder, long seed) throws IOException {
        return writeReasoning(folder, seed, 0);
    }

    /** The same without an embedding for its tokenizer's last token, the end of reasoning. */
    public static Path writeWithoutLastToken(Path folder, long seed) throws IOException {
        return writeReasoning(folder, seed, 1);
    }

    private static Path writeReasoning(Path folder, long seed, int missing) throws IOException {
        writeTokenizer(
                folder, List.of(END_OF_TEXT, "<|im_start|>", END_OF_TURN, "<think>", "</think>"), REASONING_TEMPLATE);
        return writeModel(folder, seed, config(folder, missing));
    }

    private static Path writeModel(Path folder, long seed, ModelConfig config) throws IOException {
        try (ModelWeights weights = weights(config, seed)) {
            HuggingFaceExport.write(folder, config, weights, WeightType.F32, folder);
        }
        return folder;
    }
}
