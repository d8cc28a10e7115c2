package dev.distill.plan;

import dev.distill.student.model.ActivationMemory;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.model.WeightMemory;
import dev.distill.student.ops.LogitRows;
import dev.distill.student.optim.OptimizerMemory;
import dev.distill.student.tensor.DType;
import dev.distill.train.Saving;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * What a training holds in memory, in bytes, part by part, as it is allocated:
 *
 * <pre>
 * weights      trained ones 4 bytes each (FLOAT or SPLIT); frozen ones in the type that products multiply, INT8 copies beside them; in NF4 4.13 bits
 *              each, with room for the largest matrix, widened
 * adapter      4 bytes a weight
 * gradients    4 bytes a trained weight
 * moments      what the optimizer remembers ({@link OptimizerMemory}): 8 bytes a trained weight, or 2.03 in eight bits; what a Muon makes besides
 * activations  of the longest row ({@link ActivationMemory})
 * head         logits of some rows, with their inputs and gradients, and what products take besides
 * checkpoint   the copy that is written in the background
 * data         where each sample lies; samples themselves are in a file
 * program      the virtual machine, the compiler's code, libraries
 * </pre>
 *
 * @param parts by these names
 * @param mapped of the weights, those that are used where they lie in a file: they may leave memory and come back
 * @param window of the mapped weights, what must be there at one time
 */
public record TrainingMemory(SequencedMap<String, Long> parts, long mapped, long window) {
    /**
     * Java's code and classes, what its compilers leave, threads, libraries of products: the peaks of {@code bench train} in several models and
     * modes less the other parts (docs/log.md, "what plan foretells").
     */
    private static final long COMPUTING = 230L << 20;

    /** What {@code train} takes beyond that, which reads shards and tokenises: likewise. */
    static final long READING = 120L << 20;

    /** INT8: a scale for each row, in FLOAT. */
    private static final int SCALE = Float.BYTES;

    /**
     * Adds it up.
     *
     * @param data bytes of the samples' index
     * @param machine bytes of the machine's memory, of which a checkpoint's copy may take a quarter; 0 to count none
     */
    public static TrainingMemory of(TrainingJob job, int longestRow, long data, long machine) {
        SequencedMap<String, Long> parts = new LinkedHashMap<>();
        ModelConfig model = job.model();
        long mapped = mapped(job);
        long updated = job.trainedWeights();
        parts.put("weights", mapped + copies(job));
        parts.put("adapter", Float.BYTES * job.adapterWeights());
        parts.put("gradients", Float.BYTES * updated);
        parts.put("moments", job.momentBytes() + passing(job));
        parts.put(
                "activations",
                new ActivationMemory(model, job.computing().floating(), job::rank, job.below())
                        .bytes(longestRow, job.activations()));
        parts.put("head", head(job, longestRow));
        long checkpoint = Float.BYTES * updated + job.momentBytes();
        parts.put("checkpoint", Saving.fits(checkpoint, machine) ? checkpoint : 0);
        parts.put("data", data);
        parts.put("program", COMPUTING + READING);
        return new TrainingMemory(parts, mapped, Math.min(mapped, window(job)));
    }

    /** What a training takes that is like this one. */
    @FunctionalInterface
    public interface Account {
        /** @param row tokens of the longest row */
        TrainingMemory of(TrainingJob job, int row);
    }

    /**
     * The same with a teacher that is open before the first step, and perhaps to the end: of its weights, what finds no room where the training's
     * own parts are not there yet.
     *
     * @param teacher of whose parts the weights count
     * @param stays whether it is asked between the steps too
     */
    public TrainingMemory withTeacher(TrainingMemory teacher, boolean stays) {
        long later = stays ? 0 : part("moments") + part("activations") + part("head") + part("checkpoint");
        long more = Math.max(0, teacher.part("weights") - later);
        long moreMapped = Math.min(teacher.mapped, more);
        SequencedMap<String, Long> all = new LinkedHashMap<>(parts);
        all.put("teacher", more);
        return new TrainingMemory(all, mapped + moreMapped, window + Math.min(teacher.window, moreMapped));
    }

    /** Bytes of the part of this name. */
    public long part(String name) {
        return Objects.requireNonNull(parts.get(name), name);
    }

    /** When there is room for all. */
    public long total() {
        return parts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The least: mapped weights that find no room are read again from the disk, block by block. */
    public long least() {
        return total() - mapped + window;
    }

    /** On a card, where weights must lie whole, while samples, the checkpoint's copy and the program stay beside it. */
    public long onCard() {
        return total() - part("program") - part("data") - part("checkpoint");
    }

    /** Frozen matrices that have the type that is multiplied, or that are widened as they are used. */
    private static long mapped(TrainingJob job) {
        return job.model().parameters().stream()
                .filter(spec -> isMapped(job, spec))
                .mapToLong(spec -> spec.size() * job.stored().bytes())
                .sum();
    }

    private static boolean isMapped(TrainingJob job, ParameterSpec spec) {
        boolean rounded = spec.isLinear() && (job.isEightBits() || job.isFourBits());
        if (!spec.isMatrix() || rounded || job.isUpdated(spec)) {
            return false;
        }
        boolean widened = !job.isHalf() && job.stored() == DType.BFLOAT16 && !WeightMemory.fitsWidened(job.model());
        return job.stored() == job.computing().floating() || widened;
    }

    /** Weights that have memory of their own. */
    private static long copies(TrainingJob job) {
        long bytes = job.isEightBits() ? eightBits(job.model()) : 0;
        long widened = 0;
        for (ParameterSpec spec : job.model().parameters()) {
            if (job.isUpdated(spec) || !spec.isMatrix()) {
                bytes += spec.size() * Float.BYTES;
            } else if (spec.isLinear() && job.isFourBits()) {
                bytes += WeightMemory.normalFloats(spec);
                widened = Math.max(
                        widened, spec.size() * job.computing().floating().bytes());
            } else if (!isMapped(job, spec) && !(job.isEightBits() && spec.isLinear())) {
                bytes += spec.size() * job.computing().floating().bytes();
            }
        }
        return bytes + widened;
    }

    /** What an update makes of one weight at a time. */
    private static long passing(TrainingJob job) {
        OptimizerMemory memory = new OptimizerMemory(job.optimizer());
        DType matrices = job.isHalf() ? DType.SPLIT : DType.FLOAT;
        return job.updated().stream()
                .mapToLong(spec -> memory.passing(spec, matrices))
                .max()
                .orElse(0);
    }

    /** Linear layers and the head in INT8. */
    private static long eightBits(ModelConfig model) {
        long bytes = (long) model.vocabulary() * (model.width() + SCALE);
        for (ParameterSpec spec : model.parameters()) {
            if (spec.isLinear()) {
                bytes += spec.size() + (long) SCALE * spec.shape().get(0);
            }
        }
        return bytes;
    }

    /** The block that is computed, the next one, and the head. */
    private static long window(TrainingJob job) {
        ModelConfig model = job.model();
        long linear = model.parameters().stream()
                .filter(spec -> spec.isLinear() && isMapped(job, spec))
                .mapToLong(ParameterSpec::size)
                .sum();
        return job.stored().bytes() * (2 * linear / model.layers() + (long) model.vocabulary() * model.width());
    }

    private static long head(TrainingJob job, int rows) {
        ModelConfig model = job.model();
        long item = job.computing().floating().bytes();
        long chunk = Math.min(rows, LogitRows.most(model.vocabulary(), item));
        return chunk * item * (model.vocabulary() + 2L * model.width());
    }
}
