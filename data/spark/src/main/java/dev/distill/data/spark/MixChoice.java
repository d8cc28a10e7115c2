package dev.distill.data.spark;

import dev.distill.data.curate.CanonicalKey;
import dev.distill.data.curate.Curation;
import dev.distill.data.curate.Facts;
import dev.distill.data.curate.Fate;
import dev.distill.data.curate.Mix;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * Which traces a mix takes: of each kind so many, and those with the least sort keys. These are hashes, so that the one which is the last to be
 * taken is found by counting their first digits, and then looking at the few that begin like it; no trace travels.
 *
 * @param quotas of each kind
 * @param bounds the last sort key that is taken, of each kind of which some are taken and some are not
 */
record MixChoice(Mix mix, Map<String, Long> quotas, Map<String, SortKey> bounds) implements Serializable {
    /** Hexadecimal digits that are counted by. */
    private static final int DIGITS = 4;

    private static final int BUCKETS = 1 << 4 * DIGITS;

    /** What a trace is sorted by; of equal ones the earlier trace comes first. */
    record SortKey(String hash, int place) implements Comparable<SortKey>, Serializable {
        private static final Comparator<SortKey> ORDER =
                Comparator.comparing(SortKey::hash).thenComparing(SortKey::place);

        @Override
        public int compareTo(SortKey other) {
            return ORDER.compare(this, other);
        }

        int bucket() {
            return Integer.parseInt(hash, 0, DIGITS, 16);
        }
    }

    /** Why this trace goes, of those that have come as far as the mix; null where it stays. */
    @Nullable
    Fate fate(Facts facts, int place) {
        String kind = facts.mixClass();
        long quota = quotas.getOrDefault(kind, 0L);
        SortKey bound = bounds.get(kind);
        boolean taken =
                quota > 0 && (bound == null || sortKey(mix, facts.key(), place).compareTo(bound) <= 0);
        return taken ? null : new Fate(Curation.MIX, mix.detail(kind, quota));
    }

    private static SortKey sortKey(Mix mix, CanonicalKey key, int place) {
        return new SortKey(mix.sortKey(key), place);
    }

    /** Traces of each kind that the mix takes. */
    static Map<String, Long> quotas(StepInput input, Mix mix) throws IOException {
        return Map.copyOf(mix.quotas(there(input, mix)));
    }

    private static Map<String, Long> there(StepInput input, Mix mix) throws IOException {
        Set<String> named = new HashSet<>(mix.shares().keySet());
        Map<String, Long> there = new HashMap<>();
        Broadcast<SplitFiles> splitFiles = input.splitFiles();
        Broadcast<BitSet> remaining = input.remaining();
        input.cluster()
                .run(
                        input.splits(),
                        all -> {
                            HashMap<String, Long> counts = new HashMap<>();
                            splitFiles.value().visit(all.next(), remaining.value(), (_, row) -> {
                                String kind = row.facts().mixClass();
                                if (named.contains(kind)) {
                                    counts.merge(kind, 1L, Long::sum);
                                }
                            });
                            return counts;
                        },
                        (_, counts) -> counts.forEach((kind, count) -> there.merge(kind, count, Long::sum)));
        return there;
    }

    /** Finds out what is taken of these. */
    static MixChoice of(StepInput input, Mix mix) throws IOException {
        Map<String, Long> there = there(input, mix);
        Map<String, Long> quotas = Map.copyOf(mix.quotas(there));
        Set<String> cut = new HashSet<>(quotas.keySet());
        cut.removeIf(kind -> {
            long quota = quotas.getOrDefault(kind, 0L);
            return quota == 0 || quota == there.getOrDefault(kind, 0L);
        });
        Map<String, Integer> buckets = new HashMap<>();
        Map<String, Long> before = new HashMap<>();
        for (Map.Entry<String, long[]> counts : counts(input, mix, cut).entrySet()) {
            long left = quotas.getOrDefault(counts.getKey(), 0L);
            int bucket = 0;
            while (counts.getValue()[bucket] < left) {
                left -= counts.getValue()[bucket++];
            }
            buckets.put(counts.getKey(), bucket);
            before.put(counts.getKey(), left);
        }
        Map<String, SortKey> bounds = new HashMap<>();
        sortKeys(input, mix, buckets).forEach((kind, sortKeys) -> {
            sortKeys.sort(null);
            bounds.put(kind, sortKeys.get((int) (before.getOrDefault(kind, 1L) - 1)));
        });
        return new MixChoice(mix, quotas, Map.copyOf(bounds));
    }

    /** How many sort keys of each kind begin with which digits. */
    private static Map<String, long[]> counts(StepInput input, Mix mix, Set<String> kinds) throws IOException {
        Map<String, long[]> counts = new HashMap<>();
        if (kinds.isEmpty()) {
            return counts;
        }
        Set<String> wanted = Set.copyOf(kinds);
        Broadcast<SplitFiles> splitFiles = input.splitFiles();
        Broadcast<BitSet> remaining = input.remaining();
        input.cluster()
                .run(
                        input.splits(),
                        all -> {
                            HashMap<String, LongArray> seen = new HashMap<>();
                            splitFiles.value().visit(all.next(), remaining.value(), (place, row) -> {
                                String kind = row.facts().mixClass();
                                if (wanted.contains(kind)) {
                                    seen.computeIfAbsent(kind, _ -> new LongArray())
                                            .add(sortKey(mix, row.facts().key(), place)
                                                    .bucket());
                                }
                            });
                            HashMap<String, int[]> buckets = new HashMap<>();
                            seen.forEach((kind, sortKeys) -> buckets.put(kind, sortKeys.toIntArray()));
                            return buckets;
                        },
                        (_, seen) -> seen.forEach((kind, sortKeys) -> {
                            long[] of = counts.computeIfAbsent(kind, _ -> new long[BUCKETS]);
                            Arrays.stream(sortKeys).forEach(bucket -> of[bucket]++);
                        }));
        return counts;
    }

    /** The sort keys that begin with these digits. */
    private static Map<String, List<SortKey>> sortKeys(StepInput input, Mix mix, Map<String, Integer> buckets)
            throws IOException {
        Map<String, List<SortKey>> sortKeys = new HashMap<>();
        if (buckets.isEmpty()) {
            return sortKeys;
        }
        Map<String, Integer> wanted = Map.copyOf(buckets);
        Broadcast<SplitFiles> splitFiles = input.splitFiles();
        Broadcast<BitSet> remaining = input.remaining();
        input.cluster()
                .run(
                        input.splits(),
                        all -> {
                            HashMap<String, ArrayList<SortKey>> found = new HashMap<>();
                            splitFiles.value().visit(all.next(), remaining.value(), (place, row) -> {
                                String kind = row.facts().mixClass();
                                int bucket = wanted.getOrDefault(kind, -1);
                                SortKey sortKey = bucket < 0
                                        ? null
                                        : sortKey(mix, row.facts().key(), place);
                                if (sortKey != null && sortKey.bucket() == bucket) {
                                    found.computeIfAbsent(kind, _ -> new ArrayList<>())
                                            .add(sortKey);
                                }
                            });
                            return found;
                        },
                        (_, found) ->
                                found.forEach((kind, some) -> sortKeys.computeIfAbsent(kind, _ -> new ArrayList<>())
                                        .addAll(some)));
        return sortKeys;
    }
}
