package dev.distill.student.weights;

import static dev.distill.student.weights.WeightsException.Rule.INVALID_HEADER;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.model.Rope;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The scaling of a GGUF file's rotary embedding in the words of {@code config.json}. Linear and YaRN stand in the metadata.
 * Llama 3's does not: the file holds what each frequency is divided by, and the parameters are found again from that.
 */
final class GgufRope {
    private static final String FACTORS = "rope_freqs.weight";

    /** What every published Llama 3.1, 3.2 and 3.3 states, and what llama.cpp's converter assumes. */
    private static final double LOW = 1;

    private static final double HIGH = 4;
    private static final int ORIGINAL_POSITIONS = 8192;

    /** The factors are F32, computed in float. */
    private static final double TOLERANCE = 1e-4;

    /** What else llama.cpp lets a file say of it, and the values at which that says nothing. */
    private static final List<Unread> UNREAD = List.of(
            new Unread("rope.scale_linear", 1),
            new Unread("rope.scaling.attn_factor", 1),
            new Unread("rope.scaling.yarn_attn_factor", 1),
            new Unread("rope.scaling.yarn_ext_factor", 1),
            new Unread("rope.scaling.yarn_log_multiplier", 0));

    private record Unread(String key, double neutral) {}

    private final GgufNames metadata;
    private final GgufFile file;

    GgufRope(GgufNames metadata, GgufFile file) {
        this.metadata = metadata;
        this.file = file;
    }

    static boolean isPartOf(String tensor) {
        return tensor.equals(FACTORS);
    }

    /** Adds {@code rope_theta} and {@code rope_scaling}. */
    void write(ObjectNode config, int headWidth) throws WeightsException {
        double theta = metadata.real("rope.freq_base", 10_000);
        config.put("rope_theta", theta);
        for (Unread unread : UNREAD) {
            if (metadata.real(unread.key, unread.neutral) != unread.neutral) {
                throw refusal(unread.key + " " + metadata.real(unread.key, unread.neutral) + " is not supported");
            }
        }
        String type = metadata.text("rope.scaling.type", "none");
        if (file.has(FACTORS)) {
            if (!type.equals("none")) {
                throw refusal(FACTORS + " beside rope.scaling.type " + type + " is not supported");
            }
            writeLlama3(config, theta, headWidth);
            return;
        }
        switch (type) {
            case "none" -> {}
            case "linear" ->
                config.putObject("rope_scaling")
                        .put("rope_type", "linear")
                        .put("factor", metadata.real("rope.scaling.factor"));
            case "yarn" -> writeYarn(config);
            default -> throw refusal("rope.scaling.type must be none, linear or yarn; got " + type);
        }
    }

    private void writeYarn(ObjectNode config) throws WeightsException {
        config.putObject("rope_scaling")
                .put("rope_type", "yarn")
                .put("factor", metadata.real("rope.scaling.factor"))
                .put(
                        "original_max_position_embeddings",
                        metadata.whole("rope.scaling.original_context_length", metadata.whole("context_length")))
                .put("beta_fast", metadata.real("rope.scaling.yarn_beta_fast", Rope.Scaling.Yarn.BETA_FAST))
                .put("beta_slow", metadata.real("rope.scaling.yarn_beta_slow", Rope.Scaling.Yarn.BETA_SLOW));
    }

    /** The lowest frequency is divided by the whole factor; with it, all of them must be Llama 3's. */
    private void writeLlama3(ObjectNode config, double theta, int headWidth) throws WeightsException {
        float[] factors = factors(headWidth);
        double factor = factors[factors.length - 1];
        if (!isLlama3(factors, factor, theta, headWidth)) {
            throw refusal(FACTORS + " does not hold the factors of Llama 3 (low_freq_factor " + LOW
                    + ", high_freq_factor " + HIGH + ", " + ORIGINAL_POSITIONS + " original positions)");
        }
        config.putObject("rope_scaling")
                .put("rope_type", "llama3")
                .put("factor", factor)
                .put("low_freq_factor", LOW)
                .put("high_freq_factor", HIGH)
                .put("original_max_position_embeddings", ORIGINAL_POSITIONS);
    }

    private float[] factors(int headWidth) throws WeightsException {
        GgufFile.Entry entry = file.entry(FACTORS);
        if (headWidth < 2 || !entry.shape().equals(List.of(headWidth / 2L))) {
            throw refusal(
                    FACTORS + " must be [" + headWidth / 2 + "] for heads of " + headWidth + ", got " + entry.shape());
        }
        float[] factors = new float[headWidth / 2];
        file.widen(FACTORS, MemorySegment.ofArray(factors));
        return factors;
    }

    private static boolean isLlama3(float[] factors, double factor, double theta, int headWidth) {
        if (!(factor >= 1) || Double.isInfinite(factor) || !(theta > 0) || Double.isInfinite(theta)) {
            return false;
        }
        float[] plain = Rope.of(theta).inverseFrequencies(headWidth);
        float[] scaled = new Rope(theta, new Rope.Scaling.Llama3(factor, LOW, HIGH, ORIGINAL_POSITIONS))
                .inverseFrequencies(headWidth);
        for (int i = 0; i < factors.length; i++) {
            if (!(Math.abs(scaled[i] * factors[i] / plain[i] - 1) < TOLERANCE)) {
                return false;
            }
        }
        return true;
    }

    private static WeightsException refusal(String what) {
        return new WeightsException(INVALID_HEADER, "GGUF: " + what + "; give the Hugging Face folder of this model");
    }
}
