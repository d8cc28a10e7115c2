package dev.distill.plan;

import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ParameterSpec;
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

    /** How fast it would train, by its peak; AdamW by its memory (reads and writes of 36 bytes a weight). */
    public Speed speed(TrainingJob job) {
        ModelConfig model = job.model();
        AttentionShape attention = model.attention();
        double rate = SHARE * teraflops * 1e12;
        int operations = job.isFull() ? 6 : 4;
        double again = job.activations() == Decoder.Memory.RECOMPUTE ? 2 : 0;
        long linear = model.parameters().stream()
                .filter(ParameterSpec::isLinear)
                .mapToLong(ParameterSpec::size)
                .sum();
        double columns = (double) attention.queryWidth() * model.layers();
        return new Speed(
                (operations + again) * linear / rate,
                (6 + again) * columns / rate,
                (double) operations * model.vocabulary() * model.width() / rate,
                36.0 * job.trainedWeights() / bandwidth,
                job.isFull() ? 1 / 3.0 : 1 / 2.0,
                "not measured: 40 %% of the %.0f TFLOP/s that the maker states of %s".formatted(teraflops, name));
    }
}
