package dev.distill.student.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.Decoder.Memory;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PackedRow;
import dev.distill.student.model.TinyModels;
import dev.distill.student.ops.LossSum;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * What a step must come to however it is computed. That eight micro-batches of one row are one of eight is {@code BatchingTest}'s: to rounding,
 * for a product sums over other rows then, in another order.
 */
class StepInvariantsTest {
    private static final Ops OPS = new CpuOps(1);
    private static final long SEED = 20261129;
    private static final double RATE = 1e-2;

    /** Of sums in another order, relative to the whole. */
    private static final double ROUNDING = 1e-6;

    @AfterAll
    static void close() {
        OPS.close();
    }

    @Test
    void activationsThatAreComputedAgainGiveTheSameBitsStepAfterStep() throws Exception {
        ModelConfig config = TinyModels.QWEN2;
        assertThat(full(Memory.RECOMPUTE)).isEqualTo(full(Memory.KEEP));
        List<List<float[]>> adapters = new ArrayList<>();
        for (Memory memory : Memory.values()) {
            try (ModelWeights source = TinyModels.weights(config, SEED);
                    ModelWeights frozen = ModelWeights.load(config, source, OPS, ModelWeights.Use.FROZEN);
                    Lora lora = Lora.create(new LoraConfig(3, 6, false, List.of(LoraConfig.ALL_LINEAR), SEED), config);
                    Decoder model = new Decoder(OPS, frozen, lora, memory)) {
                adapters.add(tenSteps(model));
            }
        }
        assertThat(adapters.getFirst()).usingRecursiveComparison().isEqualTo(adapters.getLast());
    }

    private static List<String> full(Memory memory) {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(OPS, weights, ProjectionWrapper.NONE, memory)) {
            return tenSteps(model).stream().map(Arrays::toString).toList();
        }
    }

    private static List<float[]> tenSteps(Decoder model) {
        try (Optimizer optimizer = new Optimizer(OPS, model.trained(), AdamWSettings.DEFAULT)) {
            TrainStep step = new TrainStep(model, optimizer);
            for (int i = 0; i < 10; i++) {
                step.run(rows(i), RATE);
            }
            return optimizer.state().values().stream().map(Tensor::toArray).toList();
        }
    }

    /** Two micro-batches of very different lengths: 1 target and 58. */
    private static List<PackedRow> rows(int step) {
        return List.of(TinyModels.row(SEED + step, 3), TinyModels.row(SEED + 100 + step, 60));
    }

    @Test
    void eachTargetCountsTheSameWhateverRowItIsIn() {
        PackedRow brief = rows(0).getFirst();
        PackedRow lengthy = rows(0).getLast();
        int targets = brief.targets() + lengthy.targets();
        assertThat(brief.targets()).isEqualTo(1);
        assertThat(targets).isEqualTo(59);
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(OPS, weights);
                Optimizer optimizer = new Optimizer(OPS, model.trained(), AdamWSettings.DEFAULT)) {
            TrainStep step = new TrainStep(model, optimizer);
            double[] both = gradient(step, optimizer, List.of(brief, lengthy));
            double[] first = gradient(step, optimizer, List.of(brief));
            double[] second = gradient(step, optimizer, List.of(lengthy));
            assertThat(distance(both, weighted(first, 1.0 / targets, second, 58.0 / targets)))
                    .as("the mean over all targets")
                    .isLessThan(ROUNDING);
            assertThat(distance(both, weighted(first, 0.5, second, 0.5)))
                    .as("not the mean of the rows' means")
                    .isGreaterThan(0.1);
        }
    }

    private static double[] gradient(TrainStep step, Optimizer optimizer, List<PackedRow> rows) {
        step.backward(rows);
        double[] gradient = all(optimizer.gradients());
        step.skip();
        assertThat(all(optimizer.gradients())).containsOnly(0);
        return gradient;
    }

    private static double[] all(List<Tensor> gradients) {
        return gradients.stream()
                .flatMapToDouble(
                        tensor -> IntStream.range(0, (int) tensor.size()).mapToDouble(tensor::get))
                .toArray();
    }

    private static double[] weighted(double[] a, double weightOfA, double[] b, double weightOfB) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> weightOfA * a[i] + weightOfB * b[i])
                .toArray();
    }

    /** The length of the difference, relative to that of the first. */
    private static double distance(double[] a, double[] b) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < a.length; i++) {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            length += a[i] * a[i];
        }
        return Math.sqrt(difference / length);
    }

    @Test
    void twoReplicasThatShareTheirGradientsAreOneRun() throws Exception {
        Run alone = run(GradientReduction.ALONE, -1);
        Meeting meeting = new Meeting();
        List<Run> replicas = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Run>> futures =
                    List.of(threads.submit(() -> run(meeting.of(0), 0)), threads.submit(() -> run(meeting.of(1), 1)));
            for (Future<Run> future : futures) {
                replicas.add(future.get());
            }
        }
        assertThat(meeting.calls).as("once a step, of each").containsExactly(5, 5);
        assertThat(replicas.getFirst().weights).isEqualTo(replicas.getLast().weights);
        assertThat(replicas.getFirst().losses).isEqualTo(replicas.getLast().losses);
        for (int i = 0; i < 5; i++) {
            LossSum expected = alone.losses.get(i);
            LossSum actual = replicas.getFirst().losses.get(i);
            assertThat(actual.count()).isEqualTo(expected.count());
            // AdamW divides by a gradient's own size, so that rounding grows over the steps
            assertThat(actual.mean()).as("loss of step %d", i).isCloseTo(expected.mean(), within(1e-5));
        }
        assertThat(alone.losses.getLast().mean())
                .isNotCloseTo(alone.losses.getFirst().mean(), within(1e-2));
    }

    private record Run(List<LossSum> losses, List<String> weights) {}

    /** @param replica which of the two micro-batches it takes; both where negative */
    private static Run run(GradientReduction reduction, int replica) {
        try (Ops ops = new CpuOps(1);
                ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(ops, weights);
                Optimizer optimizer = new Optimizer(ops, model.trained(), AdamWSettings.DEFAULT)) {
            TrainStep step = new TrainStep(model, optimizer, reduction);
            List<LossSum> losses = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                List<PackedRow> own = replica < 0 ? rows(i) : List.of(rows(i).get(replica));
                losses.add(step.run(own, RATE).loss());
            }
            return new Run(
                    losses,
                    optimizer.state().values().stream()
                            .map(tensor -> Arrays.toString(tensor.toArray()))
                            .toList());
        }
    }

    /** Two replicas of one process that wait for each other and take the mean, weighted by their targets. */
    private static final class Meeting {
        private final CyclicBarrier barrier = new CyclicBarrier(2);
        private final double[][] gradients = new double[2][];
        private final LossSum[] losses = new LossSum[2];
        final int[] calls = {0, 0};

        GradientReduction of(int replica) {
            return (tensors, loss) -> {
                calls[replica]++;
                gradients[replica] = all(tensors);
                losses[replica] = loss;
                await();
                double targets = losses[0].count() + losses[1].count();
                double[] mean =
                        weighted(gradients[0], losses[0].count() / targets, gradients[1], losses[1].count() / targets);
                LossSum both = losses[0].plus(losses[1]);
                await();
                int at = 0;
                for (Tensor tensor : tensors) {
                    for (long i = 0; i < tensor.size(); i++) {
                        tensor.set(i, (float) mean[at++]);
                    }
                }
                return both;
            };
        }

        private void await() {
            try {
                barrier.await();
            } catch (Exception e) {
                throw new IllegalStateException("the other replica has failed", e);
            }
        }
    }
}
