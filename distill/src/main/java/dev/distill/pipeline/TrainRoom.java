package dev.distill.pipeline;

import com.sun.management.OperatingSystemMXBean;
import dev.distill.data.pack.Samples;
import dev.distill.plan.Cures;
import dev.distill.plan.TrainingJob;
import dev.distill.plan.TrainingMemory;
import dev.distill.plan.Workload;
import dev.distill.plan.Workload.Load;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.ops.Ops;
import dev.distill.student.optim.OptimizerMemory;
import dev.distill.student.weights.StoredWeights;
import dev.distill.train.Computing;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The room that a training has in memory. It is asked once the samples are known and before weights are loaded, by the account that {@code plan} gives
 * ({@link TrainingMemory}): a training that could not hold what it needs does not begin.
 *
 * @param memory bytes of this machine
 * @param swap bytes beside it, which count as room
 */
record TrainRoom(Recipe recipe, long memory, long swap) {
    private static final long MIB = 1L << 20;

    /** Samples whose lengths stand for all. */
    private static final int SOME = 512;

    static TrainRoom ofThisMachine(Recipe recipe) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new TrainRoom(recipe, system.getTotalMemorySize(), system.getTotalSwapSpaceSize());
    }

    /** A base's weights to be trained as a recipe wants it, where they fit with what its optimizer remembers. */
    static ModelWeights trained(Recipe recipe, StoredWeights stored, Ops ops) throws IOException {
        TrainPart train = recipe.train();
        return ModelWeights.trained(
                stored.config(),
                stored,
                ops,
                train.frozen(stored.config()),
                new OptimizerMemory(train.updates().optimizer())::remembered);
    }

    /**
     * Refuses a training that does not fit.
     *
     * @param model with rows for all tokens of its tokenizer
     * @param samples to train on
     * @throws RecipeException with what would make it fit
     */
    void require(ModelConfig model, Computing computing, Samples samples) throws IOException {
        StudentPart student = Recipe.required(recipe.student(), "student", "train");
        TrainingJob job = PlannedModel.of(student).with(model).job(recipe, computing);
        BatchesPart batches = recipe.train().batches().within(model.maxPositions());
        Load load = some(samples).load(batches.packing(recipe.seed()));
        int longest =
                IntStream.range(0, samples.size()).map(samples::length).max().orElse(0);
        int row = Math.max(load.fullest(batches.rowTokens()), Math.min(longest, batches.rowTokens()));
        Optional<PlannedTeacher> teacher = PlannedTeacher.of(recipe, new ArrayList<>());
        TrainingMemory.Account account =
                (other, tokens) -> PlannedTeacher.beside(TrainingMemory.of(other, tokens, 0, memory), teacher);
        long least = account.of(job, row).least();
        long most = memory + swap;
        if (least > most) {
            List<String> problems = new ArrayList<>();
            problems.add("train: needs %,d MiB of memory, this machine has %,d with its swap; what helps:"
                    .formatted(least / MIB, most / MIB));
            problems.addAll(Cures.of(
                    job,
                    row,
                    load.tokens() / load.sequences(),
                    most,
                    (other, tokens) -> account.of(other, tokens).least()));
            throw new RecipeException("train", problems);
        }
    }

    /** All of their tokens but the first may be targets, which is the most. */
    private static Workload some(Samples samples) {
        int count = Math.min(SOME, samples.size());
        List<Workload.Length> lengths = IntStream.range(0, count)
                .map(i -> samples.length((int) ((long) i * samples.size() / count)))
                .mapToObj(tokens -> new Workload.Length(tokens, tokens - 1))
                .toList();
        return new Workload(samples.size(), lengths, 0, "the samples");
    }
}
