package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.bench.Spread;
import dev.distill.bench.TokenizeBench;
import dev.distill.data.tokenize.BpeTokenizer;
import dev.distill.data.tokenize.HfTokenizer;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.tokenize.TokenizerFile;
import dev.distill.pipeline.Stop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill bench tokenize}: how fast texts become ids here. */
@Command(
        name = "tokenize",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Times encoding: all texts to ids, several at a time. Medians over the repeats.",
        footer = {"", "Example:", "  distill bench tokenize --tokenizer models/qwen --input reasoning.jsonl --threads 2"
        })
final class BenchTokenizeCommand implements Callable<Integer>, Checked {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What runs a tokenizer. */
    enum Engine {
        /** What every other command takes. */
        AUTO,
        /** The byte-level BPE in Java. */
        OWN,
        /** Hugging Face's native code. */
        DJL
    }

    @Mixin
    RepeatOptions repeat = new RepeatOptions(2);

    @Option(
            names = "--tokenizer",
            required = true,
            paramLabel = "DIR",
            description = "A folder with a tokenizer.json, or the file itself.")
    Path tokenizer = Path.of("");

    @Option(
            names = "--input",
            paramLabel = "FILE",
            arity = "1..*",
            description =
                    "Texts: of JSONL every string of more than 200 characters, of any other file its text in parts. Without, words"
                            + " made of syllables.")
    List<Path> input = List.of();

    @Option(
            names = "--texts",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Texts of syllables, of about 3,000 characters (${DEFAULT-VALUE}).")
    int texts;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            defaultValue = "auto",
            description =
                    "own: the byte-level BPE in Java; djl: Hugging Face's native code; auto: what every other command takes"
                            + " (${DEFAULT-VALUE}).")
    Engine engine = Engine.AUTO;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Texts at a time; 0 for one for each processor (${DEFAULT-VALUE}).")
    int threads;

    @Override
    public void check(Problems problems) {
        repeat.check(problems);
        problems.least("--texts", texts, 1).least("--threads", threads, 0);
        for (Path file : input) {
            if (!Files.isRegularFile(file)) {
                problems.add("--input: no such file: " + file);
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        return repeat.tell(this::measure);
    }

    private ObjectNode measure(Console output, Stop stop) throws IOException {
        List<String> all = read();
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        double megabytes = all.stream()
                        .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                        .sum()
                / 1e6;
        try (Tokenizer opened = open();
                Progress progress = output.progress("bench tokenize", repeat.times())) {
            long[] done = {0};
            List<TokenizeBench.Run> runs = TokenizeBench.run(
                    opened, all, count, repeat.warmUps, repeat.repeats, stop, run -> progress.update(++done[0]));
            ObjectNode report = JSON.createObjectNode()
                    .put("tokenizer", tokenizer.toString())
                    .put("engine", opened.engine())
                    .put("threads", count)
                    .put("texts", all.size())
                    .put("mb", megabytes)
                    .put("repeats", runs.size());
            if (!runs.isEmpty()) {
                long tokens = runs.getFirst().tokens();
                Spread seconds =
                        Spread.of(runs.stream().map(TokenizeBench.Run::seconds).toList());
                report.put("tokens", tokens)
                        .put("mb_per_s", megabytes / seconds.median())
                        .put("tokens_per_s", tokens / seconds.median());
            }
            return report;
        }
    }

    private Tokenizer open() {
        return switch (engine) {
            case AUTO -> TokenizerFile.open(tokenizer);
            case OWN -> BpeTokenizer.open(tokenizer);
            case DJL -> HfTokenizer.open(tokenizer);
        };
    }

    private List<String> read() throws IOException {
        if (input.isEmpty()) {
            return TokenizeBench.synthetic(texts, 0);
        }
        List<String> all = new ArrayList<>();
        for (Path file : input) {
            all.addAll(TokenizeBench.texts(file));
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    "--input: no text in " + input + "; a JSONL file must hold strings of more than 200 characters");
        }
        return all;
    }
}
