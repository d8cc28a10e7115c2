package dev.distill.bench;

import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import dev.distill.student.model.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Times generation: prompts of random tokens, read one after the other, then all rows continued at once, greedily, to a fixed
 * length.
 */
public final class GenerateBench {
    private GenerateBench() {}

    /**
     * What is timed.
     *
     * @param batch rows at a time
     * @param promptTokens of each row
     * @param newTokens of each row, at least 2: the first comes from reading the prompt
     * @param warmUps times before that do not count, in which each row writes {@link #WARM_UP_TOKENS} at most: Java compiles while it computes, and
     *     reading a prompt of 512 tokens takes it five times or so until nothing more is compiled
     * @param repeats times that the whole is done
     */
    public record Settings(int batch, int promptTokens, int newTokens, int warmUps, int repeats, long seed) {
        private Settings warmUp() {
            return new Settings(batch, promptTokens, Math.min(newTokens, WARM_UP_TOKENS), 0, 1, seed);
        }
    }

    /** New tokens of a warm-up. */
    public static final int WARM_UP_TOKENS = 32;

    /**
     * One time.
     *
     * @param prefillSeconds until every row has its first token
     * @param decodeSeconds from there until every row has its last
     */
    public record Run(double prefillSeconds, double decodeSeconds) {}

    /**
     * Generates and times; warm-ups are not among the runs. Fewer come out if it is stopped.
     *
     * @param stop asked at each token
     * @param done hears of each run as it ends, the warm-ups too
     */
    public static List<Run> run(Decoder model, Settings settings, BooleanSupplier stop, Consumer<Run> done) {
        int positions = settings.promptTokens() + settings.newTokens();
        int most = model.config().maxPositions();
        if (positions > most) {
            throw new IllegalArgumentException("bench generate: a row must have at most " + most
                    + " tokens, the model's positions; got a prompt of " + settings.promptTokens() + " and "
                    + settings.newTokens() + " new ones");
        }
        SplittableRandom random = new SplittableRandom(settings.seed());
        List<Run> runs = new ArrayList<>();
        try (Generator generator = new Generator(model, settings.batch(), positions)) {
            int vocabulary = model.config().vocabulary();
            for (int i = 0; i < settings.warmUps() + settings.repeats(); i++) {
                boolean counts = i >= settings.warmUps();
                Settings now = counts ? settings : settings.warmUp();
                Run run = time(generator, requests(random, now, vocabulary), stop);
                if (stop.getAsBoolean()) {
                    return List.copyOf(runs);
                }
                done.accept(run);
                if (counts) {
                    runs.add(run);
                }
            }
        }
        return List.copyOf(runs);
    }

    private static Run time(Generator generator, List<GenerationRequest> requests, BooleanSupplier stop) {
        long[] prefilled = {0};
        int[] tokens = {0};
        long begin = System.nanoTime();
        generator.generate(requests, (row, id, logProbability) -> {
            if (++tokens[0]
                    == requests.size()) { // as many slots as rows: all prompts are read before anything is decoded
                prefilled[0] = System.nanoTime();
            }
            return !stop.getAsBoolean();
        });
        long end = System.nanoTime();
        return new Run((prefilled[0] - begin) / 1e9, (end - prefilled[0]) / 1e9);
    }

    private static List<GenerationRequest> requests(SplittableRandom random, Settings settings, int vocabulary) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int row = 0; row < settings.batch(); row++) {
            int[] prompt = random.ints(settings.promptTokens(), 0, vocabulary).toArray();
            requests.add(new GenerationRequest(row, prompt, Sampling.GREEDY, row, settings.newTokens(), Set.of()));
        }
        return requests;
    }
}
