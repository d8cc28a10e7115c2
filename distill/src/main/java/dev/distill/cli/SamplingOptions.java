package dev.distill.cli;

import dev.distill.student.generate.Sampling;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How a text is written: where it ends, and how its tokens are chosen. */
final class SamplingOptions {
    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "1024",
            description = "Where a text is cut (${DEFAULT-VALUE}).")
    int maxNewTokens;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description =
                    "The answer ends before this text, which may begin and end anywhere; may be repeated. It does not"
                            + " end the reasoning.")
    List<String> stops = new ArrayList<>();

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0.6",
            description = "0 for the likeliest token always (${DEFAULT-VALUE}).")
    double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "0.95",
            description = "Nucleus, 1 for all tokens (${DEFAULT-VALUE}).")
    double topP;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Only the k likeliest, 0 for all (${DEFAULT-VALUE}).")
    int topK;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            defaultValue = "0",
            description =
                    "Only tokens of at least this share of the likeliest one's probability, 0 for all (${DEFAULT-VALUE}).")
    double minP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "R",
            defaultValue = "1",
            description =
                    "What tokens of the prompt and the text so far are held back by, 1 for not (${DEFAULT-VALUE}).")
    double repetitionPenalty;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "The same seed gives the same text (${DEFAULT-VALUE}).")
    long seed;

    void check(Problems problems) {
        problems.least("--max-new-tokens", maxNewTokens, 1).refused(this::sampling);
        if (stops.contains("")) {
            problems.add("--stop must not be empty: it would end every text before it begins");
        }
    }

    /** @throws IllegalArgumentException for what is out of its range */
    Sampling sampling() {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty);
    }
}
