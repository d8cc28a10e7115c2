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
 * Which traces a mix takes: of each kind so many, and those with the least lots. Lots are hashes, so that the one which is the last to be
 * taken is found by counting their first digits, and then looking at the few that begin like it; no trace travels.
 *
 * @param quotas of each kind
 * @param bounds the last lot that is taken, of each kind of which some are taken and some are not
 */
record MixChoice(Mix mix, Map<String, Long> quotas, Map<String, Lot> bounds) implements Serializable {
    /** Hexadecimal digits that are counted by. */
    private static final int DIGITS = 4;

    private static final int BUCKETS = 1 << 4 * DIGITS;

    /** A trace's lot; of equal ones the earlier trace comes first. */
    record Lot(String lot, int place) implements Comparable<Lot>, Serializable {
        private static final Comparator<Lot> ORDER =
                Comparator.comparing(Lot::lot).thenComparing(Lot::place);

        @Override
        public int compareTo(Lot other) {
            return ORDER.compare(this, other);
        }

        int bucket() {
            return Integer.parseInt(lot, 0, DIGITS, 16);
        }
    }

    /** Why this trace goes, of those that have come as far as the mix; null where it stays. */
    @Nullable
    Fate fate(Facts facts, int place) {
        String kind = facts.mixClass();
        long quota = quotas.getOrDefault(kind, 0L);
        Lot bound = bounds.get(kind);
        boolean taken =
                quota > 0 && (bound == null || lot(mix, facts.key(), place).compareTo(bound) <= 0);
        return taken ? null : new Fate(Curation.MIX, mix.detail(kind, quota));
    }

    private static Lot lot(Mix mix, CanonicalKey key, int place) {
        return new Lot(mix.lot(key), place);
    }

    /** Traces of each kind that the mix takes. */
    static Map<String, Long> quotas(Stand stand, Mix mix) throws IOException {
        return Map.copyOf(mix.quotas(there(stand, mix)));
    }

    private static Map<String, Long> there(Stand stand, Mix mix) throws IOException {
        Set<String> named = new HashSet<>(mix.shares().keySet());
        Map<String, Long> there = new HashMap<>();
        Broadcast<Pieces> pieces = stand.pieces();
        Broadcast<BitSet> standing = stand.standing();
        stand.cluster()
                .run(
                        stand.splits(),
                        all -> {
                            HashMap<String, Long> counts = new HashMap<>();
                            pieces.value().visit(all.next(), standing.value(), (_, row) -> {
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
    static MixChoice of(Stand stand, Mix mix) throws IOException {
        Map<String, Long> there = there(stand, mix);
        Map<String, Long> quotas = Map.copyOf(mix.quotas(there));
        Set<String> cut = new HashSet<>(quotas.keySet());
        cut.removeIf(kind -> {
            long quota = quotas.getOrDefault(kind, 0L);
            return quota == 0 || quota == there.getOrDefault(kind, 0L);
        });
        Map<String, Integer> buckets = new HashMap<>();
        Map<String, Long> before = new HashMap<>();
        for (Map.Entry<String, long[]> counts : counts(stand, mix, cut).entrySet()) {
            long left = quotas.getOrDefault(counts.getKey(), 0L);
            int bucket = 0;
            while (counts.getValue()[bucket] < left) {
                left -= counts.getValue()[bucket++];
            }
            buckets.put(counts.getKey(), bucket);
            before.put(counts.getKey(), left);
        }
        Map<String, Lot> bounds = new HashMap<>();
        lots(stand, mix, buckets).forEach((kind, lots) -> {
            lots.sort(null);
            bounds.put(kind, lots.get((int) (before.getOrDefault(kind, 1L) - 1)));
        });
        return new MixChoice(mix, quotas, Map.copyOf(bounds));
    }

    /** How many lots of each kind begin with which digits. */
    private static Map<String, long[]> counts(Stand stand, Mix mix, Set<String> kinds) throws IOException {
        Map<String, long[]> counts = new HashMap<>();
        if (kinds.isEmpty()) {
            return counts;
        }
        Set<String> wanted = Set.copyOf(kinds);
        Broadcast<Pieces> pieces = stand.pieces();
        Broadcast<BitSet> standing = stand.standing();
        stand.cluster()
                .run(
                        stand.splits(),
                        all -> {
                            HashMap<String, LongArray> seen = new HashMap<>();
                            pieces.value().visit(all.next(), standing.value(), (place, row) -> {
                                String kind = row.facts().mixClass();
                                if (wanted.contains(kind)) {
                                    seen.computeIfAbsent(kind, _ -> new LongArray())
                                            .add(lot(mix, row.facts().key(), place)
                                                    .bucket());
                                }
                            });
                            HashMap<String, int[]> buckets = new HashMap<>();
                            seen.forEach((kind, lots) -> buckets.put(kind, lots.toIntArray()));
                            return buckets;
                        },
                        (_, seen) -> seen.forEach((kind, lots) -> {
                            long[] of = counts.computeIfAbsent(kind, _ -> new long[BUCKETS]);
                            Arrays.stream(lots).forEach(bucket -> of[bucket]++);
                        }));
        return counts;
    }

    /** The lots that begin with these digits. */
    private static Map<String, List<Lot>> lots(Stand stand, Mix mix, Map<String, Integer> buckets) throws IOException {
        Map<String, List<Lot>> lots = new HashMap<>();
        if (buckets.isEmpty()) {
            return lots;
        }
        Map<String, Integer> wanted = Map.copyOf(buckets);
        Broadcast<Pieces> pieces = stand.pieces();
        Broadcast<BitSet> standing = stand.standing();
        stand.cluster()
                .run(
                        stand.splits(),
                        all -> {
                            HashMap<String, ArrayList<Lot>> found = new HashMap<>();
                            pieces.value().visit(all.next(), standing.value(), (place, row) -> {
                                String kind = row.facts().mixClass();
                                int bucket = wanted.getOrDefault(kind, -1);
                                Lot lot =
                                        bucket < 0 ? null : lot(mix, row.facts().key(), place);
                                if (lot != null && lot.bucket() == bucket) {
                                    found.computeIfAbsent(kind, _ -> new ArrayList<>())
                                            .add(lot);
                                }
                            });
                            return found;
                        },
                        (_, found) -> found.forEach((kind, some) -> lots.computeIfAbsent(kind, _ -> new ArrayList<>())
                                .addAll(some)));
        return lots;
    }
}
