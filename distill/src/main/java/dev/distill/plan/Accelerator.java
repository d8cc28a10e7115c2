package dev.distill.plan;

import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.model.WeightMemory;
import dev.distill.student.optim.MuonSettings;
import java.util.List;
import java.util.Optional;

/**
 * A card that a plan may be asked about, as its maker's data sheet has it. Nothing is measured: time is the useful operations at the share of the
 * peak that trainers on such cards are known to reach.
 *
 * @param name on the command line
 * @param memoryBytes of the card
 * @param teraflops dense products of BFLOAT16, summed in FLOAT
 * @param bandwidth of its memory, bytes a second
 */
public record Accelerator(String name, long memoryBytes, double teraflops, double bandwidth) {
    /** Of the peak: torchtitan on H100 states 33 to 39 %, torchtune with compiled blocks on A100 comes to 45 to 55 %. */
    static final double SHARE = 0.4;

    private static final long GB = 1_000_000_000L;

    /** NVIDIA's data sheets (H100 SXM, H200 SXM, A100 80GB SXM, L40S) and its Ada whitepaper (RTX 4090). */
    private static final List<Accelerator> KNOWN = List.of(
            new Accelerator("h200", 141 * GB, 989, 4800e9),
            new Accelerator("h100", 80 * GB, 989, 3350e9),
            new Accelerator("a100", 80 * GB, 312, 2039e9),
            new Accelerator("l40s", 48 * GB, 362, 864e9),
            new Accelerator("rtx4090", 24 * GB, 165, 1008e9));

    /** Of all cards that are known here. */
    public static List<String> names() {
        return KNOWN.stream().map(Accelerator::name).toList();
    }

    /** The card of this name, in whatever case. */
    public static Optional<Accelerator> find(String name) {
        return KNOWN.stream().filter(each -> each.name.equalsIgnoreCase(name)).findFirst();
    }

    /**
     * How fast it would train, by its peak; updates by its memory (reads and writes of weight, gradient and moments, and the gradient once more for its
     * norm), and so is the widening of four bits.
     */
    public Speed speed(TrainingJob job) {
        ModelConfig model = job.model();
        AttentionShape attention = model.attention();
        double rate = SHARE * teraflops * 1e12;
        int operations = job.isFull() ? 6 : 4;
        double again = 2.0 * (job.products() - 2);
        long linear = model.parameters().stream()
                .filter(ParameterSpec::isLinear)
                .mapToLong(ParameterSpec::size)
                .sum();
        double columns = (double) attention.queryWidth() * model.layers();
        return new Speed(
                (operations + again) * linear / rate,
                (6 + again) * columns / rate,
                (double) operations * model.vocabulary() * model.width() / rate,
                widened(job) / bandwidth,
                (20.0 * job.trainedWeights() + 2.0 * job.momentBytes()) / bandwidth + orthogonal(job) / rate,
                job.isFull() ? 1 / 3.0 : 1 / 2.0,
                "not measured: 40 %% of the %.0f TFLOP/s that the maker states of %s".formatted(teraflops, name));
    }

    /** Bytes that are read and written so that each matrix in NF4 is there in BFLOAT16 for its products of one row. */
    private static double widened(TrainingJob job) {
        if (!job.isFourBits()) {
            return 0;
        }
        return job.model().parameters().stream()
                .filter(ParameterSpec::isLinear)
                .mapToDouble(spec -> job.products() * (WeightMemory.normalFloats(spec) + 4.0 * spec.size()))
                .sum();
    }

    private static double orthogonal(TrainingJob job) {
        return job.optimizer() instanceof MuonSettings
                ? job.updated().stream()
                        .filter(MuonSettings::takes)
                        .mapToDouble(MuonSettings::operations)
                        .sum()
                : 0;
    }
}
