package dev.distill.plan;

import dev.distill.train.Saving;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What a run writes, in bytes.
 *
 * @param parts by the stage's folder
 */
public record Disk(SequencedMap<String, Long> parts) {
    /** Of a character of text: the ledger holds the reply as it came and its parts, shards hold them again, compressed. */
    private static final double HARVEST = 3;

    private static final double CURATE = 0.5;

    /**
     * What is written of texts.
     *
     * @param harvested characters of all replies that are still to be bought
     * @param kept characters of the traces that are trained on
     */
    public record Texts(long harvested, long kept) {}

    /**
     * Adds it up.
     *
     * @param saving how many checkpoints there are; room for {@link Saving#most} is asked before the first step
     * @param fetched weights of the base that must be fetched into the hub's cache; 0 for none
     * @param exportBytes of a weight in the export
     */
    public static Disk of(TrainingJob job, Saving saving, long fetched, Texts texts, int exportBytes) {
        SequencedMap<String, Long> parts = new LinkedHashMap<>();
        long weights = job.model().parameterCount();
        parts.put("base", fetched * job.stored().bytes());
        parts.put("harvest", Math.round(HARVEST * texts.harvested));
        parts.put("curate", Math.round(CURATE * texts.kept));
        parts.put(
                "train",
                saving.most() * (Float.BYTES * job.trainedWeights() + job.momentBytes())
                        + Float.BYTES * (job.isFull() ? weights : job.adapterWeights()));
        parts.put("export", exportBytes * weights + Float.BYTES * (job.isFull() ? 0 : job.adapterWeights()));
        return new Disk(parts);
    }

    /** The same with one part more. */
    public Disk with(String part, long bytes) {
        SequencedMap<String, Long> more = new LinkedHashMap<>(parts);
        more.put(part, bytes);
        return new Disk(more);
    }

    public long total() {
        return parts.values().stream().mapToLong(Long::longValue).sum();
    }
}
