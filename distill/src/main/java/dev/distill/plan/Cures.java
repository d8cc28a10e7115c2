package dev.distill.plan;

import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.Decoder;
import dev.distill.student.ops.Compute;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.EightBitAdamWSettings;
import dev.distill.student.tensor.DType;
import dev.distill.train.Computing;
import java.util.ArrayList;
import java.util.List;

/** What helps where a training does not fit into memory: each cure with what it comes to, those before it included. */
public final class Cures {
    private static final long MIB = 1L << 20;
    private static final int RANK = 16;

    private final long limit;
    private final Need need;
    private final List<String> found = new ArrayList<>();
    private TrainingJob job;
    private int row;

    /** Bytes that a training must have. */
    @FunctionalInterface
    public interface Need {
        /** @param row tokens of the longest row */
        long bytes(TrainingJob job, int row);
    }

    private Cures(TrainingJob job, int row, long limit, Need need) {
        this.job = job;
        this.row = row;
        this.limit = limit;
        this.need = need;
    }

    /**
     * From the mildest on, until it fits.
     *
     * @param row tokens of the longest row
     * @param sample tokens of a sample in the mean; rows are not made shorter than twice that
     * @param limit bytes that there are
     */
    public static List<String> of(TrainingJob job, int row, double sample, long limit, Need need) {
        return new Cures(job, row, limit, need).find(sample);
    }

    private List<String> find(double sample) {
        if (job.activations() == Decoder.Memory.KEEP && !fits()) {
            job = job.recomputing();
            tell("train.activations: recompute");
        }
        int shorter = Integer.highestOneBit((int) Math.max(16, 2 * sample)) * 2;
        if (shorter < row && !fits()) {
            row = shorter;
            tell("train.row-tokens: " + shorter);
        }
        if (job.isEightBits() && !fits()) {
            job = job.with(new Computing(
                    job.isHalf() ? Compute.BFLOAT16 : Compute.FLOAT,
                    job.computing().floating(),
                    job.computing().threads()));
            tell("train.compute: " + (job.isHalf() ? "bfloat16" : "float"));
        }
        if (job.isFull() && job.optimizer() instanceof AdamWSettings adamW && !fits()) {
            job = job.with(new EightBitAdamWSettings(adamW));
            tell("train.optimizer: adamw-8bit");
        }
        if (job.isFull() && !fits()) {
            job = job.with(new Trained.Adapter(
                    new LoraConfig(RANK, 2 * RANK, false, List.of(LoraConfig.ALL_LINEAR), 0), false));
            tell("train.mode: lora (rank " + RANK + ")");
        }
        if (job.computing().floating() == DType.FLOAT && job.stored() == DType.BFLOAT16 && !fits()) {
            job = job.with(new Computing(
                    Compute.BFLOAT16, DType.BFLOAT16, job.computing().threads()));
            tell("train.compute: bfloat16");
        }
        if (job.trained() instanceof Trained.Adapter(LoraConfig lora, boolean fourBits) && !fourBits && !fits()) {
            job = job.with(new Trained.Adapter(lora, true));
            tell("train.mode: qlora");
        }
        if (!fits()) {
            found.add("no setting here makes it fit: take a smaller student, or a machine with %,d MiB"
                    .formatted(least() / MIB));
        }
        return List.copyOf(found);
    }

    private boolean fits() {
        return least() <= limit;
    }

    private long least() {
        return need.bytes(job, row);
    }

    private void tell(String what) {
        found.add("%s%s: %,d MiB%s"
                .formatted(found.isEmpty() ? "" : "and ", what, least() / MIB, fits() ? ", which fits" : ""));
    }
}
