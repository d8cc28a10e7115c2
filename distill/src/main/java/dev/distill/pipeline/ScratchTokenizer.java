package dev.distill.pipeline;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.tokenize.AddedToken;
import dev.distill.data.tokenize.BpeTrainer;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The tokenizer and chat template of a student from random weights: a byte-level BPE of the traces, ChatML. */
final class ScratchTokenizer {
    private static final String END_OF_TEXT = "<|endoftext|>";
    static final String END_OF_TURN = "<|im_end|>";

    private static final List<AddedToken> SPECIAL = List.of(
            AddedToken.special(END_OF_TEXT),
            AddedToken.special("<|im_start|>"),
            AddedToken.special(END_OF_TURN),
            AddedToken.plain("<think>"),
            AddedToken.plain("</think>"));

    /** ChatML as Qwen2 writes it, without its default system message. */
    private static final String TEMPLATE = """
            {%- for message in messages -%}
            {{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}
            {{- '<|im_start|>assistant\\n' -}}
            {%- endif -%}
            """;

    private ScratchTokenizer() {}

    /** Trains the tokenizer into this folder, or leaves it if it is there; the traces are then not read. */
    static Path make(Recipe recipe, Stream<Trace> traces, Path folder) throws IOException {
        if (Files.exists(folder.resolve("tokenizer_config.json"))) {
            return folder;
        }
        Files.createDirectories(folder);
        Iterable<String> texts = traces.flatMap(trace -> Stream.of(
                trace.question(),
                trace.reasoning() == null ? trace.answer() : trace.reasoning() + "\n" + trace.answer()))::iterator;
        int vocabulary = recipe.student().orElseThrow().shape().orElseThrow().vocabulary();
        BpeTrainer.train(texts, vocabulary, SPECIAL).write(folder, END_OF_TEXT, END_OF_TURN, TEMPLATE.strip());
        AtomicFile.write(folder.resolve("README.md"), "A byte-level BPE, trained on the traces of this run.\n");
        return folder;
    }
}
