package dev.distill.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.tokenize.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Times a tokenizer: all texts to ids, several at a time. */
public final class TokenizeBench {
    /** Strings of a JSONL file that are no longer are labels, not texts. */
    private static final int SHORTEST = 200;
    /** About what a reasoning has. */
    private static final int CHARACTERS = 4_000;

    private static final String[] BEGINS = {
        "", "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "th", "tr", "st", "v", "w"
    };
    private static final String[] ENDS = {"", "n", "r", "s", "l", "t"};
    private static final int WORDS = 20_000;

    private TokenizeBench() {}

    /**
     * One time.
     *
     * @param tokens of all texts
     */
    public record Run(double seconds, long tokens) {}

    /**
     * Encodes all texts, again and again; warm-ups are not among the runs. Fewer come out if it is stopped.
     *
     * @param threads that encode
     * @param stop asked before each text
     * @param done hears of each run as it ends, the warm-ups too
     */
    public static List<Run> run(
            Tokenizer tokenizer,
            List<String> texts,
            int threads,
            int warmUps,
            int repeats,
            BooleanSupplier stop,
            Consumer<Run> done) {
        List<Run> runs = new ArrayList<>();
        try (ForkJoinPool pool = new ForkJoinPool(threads)) {
            for (int i = 0; i < warmUps + repeats; i++) {
                long begin = System.nanoTime();
                long tokens = pool.submit(() -> IntStream.range(0, texts.size())
                                .parallel()
                                .mapToLong(text -> stop.getAsBoolean() ? 0 : tokenizer.encode(texts.get(text)).length)
                                .sum())
                        .join();
                Run run = new Run((System.nanoTime() - begin) / 1e9, tokens);
                if (stop.getAsBoolean()) {
                    return List.copyOf(runs);
                }
                done.accept(run);
                if (i >= warmUps) {
                    runs.add(run);
                }
            }
        }
        return List.copyOf(runs);
    }

    /**
     * The texts of a file: of JSONL every string of more than 200 characters, wherever it stands; of any other file its text in parts of
     * about 4,000 characters.
     */
    public static List<String> texts(Path file) throws IOException {
        List<String> texts = new ArrayList<>();
        if (file.toString().endsWith(".jsonl")) {
            ObjectMapper json = new ObjectMapper();
            try (Stream<String> lines = Files.lines(file)) {
                for (String line : (Iterable<String>) lines::iterator) {
                    collect(json.readTree(line), texts);
                }
            }
            return texts;
        }
        String text = Files.readString(file);
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf('\n', Math.min(at + CHARACTERS, text.length())) + 1;
            texts.add(text.substring(at, end == 0 ? text.length() : end));
            at = end == 0 ? text.length() : end;
        }
        return texts;
    }

    private static void collect(JsonNode node, List<String> texts) {
        if (node.isTextual()
                && node.asText().codePoints().skip(SHORTEST).findAny().isPresent()) {
            texts.add(node.asText());
        }
        node.forEach(each -> collect(each, texts));
    }

    /** Reasoning of no meaning: words of a few syllables, the frequent ones frequent (Zipf), and a full stop. */
    public static List<String> synthetic(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String[] words = new String[WORDS];
        Arrays.setAll(words, i -> word(random));
        double[] cumulative = new double[WORDS];
        for (int i = 0; i < WORDS; i++) {
            cumulative[i] = (i == 0 ? 0 : cumulative[i - 1]) + 1.0 / (i + 3);
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = random.nextInt(CHARACTERS / 2, CHARACTERS);
            StringBuilder text = new StringBuilder();
            while (text.length() < length) {
                int at = Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[WORDS - 1]);
                text.append(text.isEmpty() ? "" : " ").append(words[at < 0 ? Math.min(-1 - at, WORDS - 1) : at]);
            }
            texts.add(text.append('.').toString());
        }
        return texts;
    }

    private static String word(SplittableRandom random) {
        StringBuilder word = new StringBuilder();
        for (int syllables = random.nextInt(1, 5); syllables > 0; syllables--) {
            word.append(BEGINS[random.nextInt(BEGINS.length)])
                    .append("aeiou".charAt(random.nextInt(5)))
                    .append(ENDS[random.nextInt(ENDS.length)]);
        }
        return word.toString();
    }
}
