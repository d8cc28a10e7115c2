package dev.distill.plan;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What a run writes, in bytes.
 *
 * @param parts by the stage's folder
 */
public record Disk(SequencedMap<String, Long> parts) {
    /** Checkpoints there are while one is written: the two newest stay. */
    private static final int CHECKPOINTS = 3;

    /** Of a character of text: the ledger holds the reply as it came and its parts, shards hold them again, compressed. */
    private static final double HARVEST = 3;

    private static final double CURATE = 0.5;

    /**
     * Adds it up.
     *
     * @param fetched weights of the base that must be fetched into the hub's cache; 0 for none
     * @param harvested characters of all replies that are still to be bought
     * @param kept characters of the traces that are trained on
     * @param exportBytes of a weight in the export
     */
    public static Disk of(TrainingJob job, long fetched, long harvested, long kept, int exportBytes) {
        SequencedMap<String, Long> parts = new LinkedHashMap<>();
        long weights = job.model().parameterCount();
        parts.put("base", fetched * job.stored().bytes());
        parts.put("harvest", Math.round(HARVEST * harvested));
        parts.put("curate", Math.round(CURATE * kept));
        parts.put(
                "train",
                CHECKPOINTS * (Float.BYTES * job.trainedWeights() + job.momentBytes())
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
