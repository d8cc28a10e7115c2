package dev.distill.train;

import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A training as a process of its own, to be killed: says {@code begin} when it begins, and writes the weights that it ends with. */
final class CountingRun {
    private static final int STEPS = 200;

    private CountingRun() {}

    /** Trains in the folder that is its only argument. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        TrainSettings settings = new TrainSettings(
                STEPS,
                new Schedule(3e-2, 3, STEPS, 0.1, Schedule.Decay.Cosine.HALF),
                AdamWSettings.DEFAULT,
                10,
                new Saving(4, 2),
                BadSteps.DEFAULT);
        PackedBatches batches = new PackedBatches(Counting.samples(0, 40), 4, 64, 7);
        try (Ops ops = new CpuOps(1);
                ModelWeights weights = ModelWeights.random(Counting.CONFIG, 0.2, 1);
                Decoder model = new Decoder(ops, weights)) {
            new Trainer(model, settings, batches, Validation.of(Counting.samples(40, 44), 64), Meter.UNRATED)
                    .run(folder, new Speaker(), () -> false);
            Files.writeString(
                    folder.resolve("weights.txt"), Counting.values(weights).toString());
        }
    }

    private static final class Speaker implements TrainListener {
        @Override
        public void begin(int done, int steps) {
            System.out.println("begin " + done);
        }

        @Override
        public void step(StepReport report) {}
    }
}
