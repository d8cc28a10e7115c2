package dev.distill.data.spark;

import dev.distill.data.curate.Curation;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.Fate;
import dev.distill.data.curate.NearDuplicateSettings;
import dev.distill.data.shard.TraceSplit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Chooses among the traces that passed their filters, step by step as {@code Selection} does. Why each goes stays with the workers; here
 * one bit a trace is known, and where near duplicates are looked for, four bytes more.
 */
final class SparkSelection {
    private final Cluster cluster;
    private final CurationSettings settings;
    private final JavaRDD<TraceSplit> splits;
    private final Broadcast<SplitFiles> splitFiles;
    private final int parts;
    private final List<JavaPairRDD<Integer, Fate>> fates = new ArrayList<>();
    private @Nullable MixChoice mix;

    SparkSelection(
            Cluster cluster,
            CurationSettings settings,
            JavaRDD<TraceSplit> splits,
            Broadcast<SplitFiles> splitFiles,
            int parts) {
        this.cluster = cluster;
        this.settings = settings;
        this.splits = splits;
        this.splitFiles = splitFiles;
        this.parts = parts;
    }

    /** Runs all steps on those that passed. */
    void choose(BitSet passed) throws IOException {
        BitSet remaining = (BitSet) passed.clone();
        if (settings.exactDuplicates()) {
            drop(ExactDuplicates.drops(on(remaining)), remaining);
        }
        if (settings.nearDuplicates() != null) {
            drop(nearDuplicates(on(remaining), settings.nearDuplicates()), remaining);
        }
        if (settings.passRate() != null || settings.choice() != null) {
            drop(new PromptChoice(settings.passRate(), settings.choice()).drops(on(remaining)), remaining);
        }
        if (settings.mix() != null) {
            mix = MixChoice.of(on(remaining), settings.mix());
        }
    }

    /** Why traces go, by place, each part in the partition of its number; what the mix leaves out is not among them. */
    JavaPairRDD<Integer, Fate> fates() {
        Broadcast<SplitFiles> where = splitFiles;
        JavaPairRDD<Integer, Fate> all = cluster.context().parallelizePairs(List.<Tuple2<Integer, Fate>>of(), 1);
        for (JavaPairRDD<Integer, Fate> some : fates) {
            all = all.union(some);
        }
        return all.partitionBy(
                new ByNumber(splits.getNumPartitions(), place -> where.value().numberOf(place)));
    }

    /** What the mix takes; null where there is none. */
    @Nullable
    MixChoice mix() {
        return mix;
    }

    private StepInput on(BitSet remaining) {
        return new StepInput(cluster, splits, splitFiles, cluster.send((BitSet) remaining.clone()), parts);
    }

    private static JavaPairRDD<Integer, Fate> nearDuplicates(StepInput input, NearDuplicateSettings settings)
            throws IOException {
        int[] groups = NearDuplicateGroups.groups(input);
        return NearDuplicateGroups.drops(input, settings, input.cluster().send(groups));
    }

    /** Keeps what a step drops on the workers, and takes it out of what stands. */
    private void drop(JavaPairRDD<Integer, Fate> dropped, BitSet remaining) throws IOException {
        JavaPairRDD<Integer, Fate> kept = dropped.persist(StorageLevel.MEMORY_AND_DISK());
        fates.add(kept);
        cluster.run(kept.keys(), SparkSelection::places, (_, places) -> {
            for (int place : places) {
                remaining.clear(place);
            }
        });
    }

    private static int[] places(Iterator<Integer> places) {
        LongArray all = new LongArray();
        places.forEachRemaining(all::add);
        return all.toIntArray();
    }

    /** How many each step alone would take of all traces, in the order of the steps. */
    Map<String, Long> alone(int rows) throws IOException {
        BitSet all = new BitSet();
        all.set(0, rows);
        StepInput input = on(all);
        Map<String, Long> alone = new LinkedHashMap<>();
        alone.put(Curation.NEAR_DUPLICATE_PROMPT, 0L);
        alone.put(Curation.DUPLICATE, settings.exactDuplicates() ? count(ExactDuplicates.drops(input)) : 0);
        alone.put(
                Curation.NEAR_DUPLICATE,
                settings.nearDuplicates() == null ? 0 : count(nearDuplicates(input, settings.nearDuplicates())));
        alone.put(
                Curation.PASS_RATE,
                settings.passRate() == null ? 0 : count(new PromptChoice(settings.passRate(), null).drops(input)));
        alone.put(
                Curation.PER_PROMPT,
                settings.choice() == null ? 0 : count(new PromptChoice(null, settings.choice()).drops(input)));
        alone.put(Curation.MIX, settings.mix() == null ? 0 : rows - taken(input));
        return alone;
    }

    private long taken(StepInput input) throws IOException {
        return settings.mix() == null
                ? 0
                : MixChoice.quotas(input, settings.mix()).values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
    }

    private long count(JavaPairRDD<Integer, Fate> dropped) throws IOException {
        long[] count = {0};
        cluster.run(dropped.keys(), SparkSelection::places, (_, places) -> count[0] += places.length);
        return count[0];
    }
}
