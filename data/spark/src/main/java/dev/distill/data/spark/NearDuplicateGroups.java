package dev.distill.data.spark;

import dev.distill.data.curate.BandLinks;
import dev.distill.data.curate.CanonicalKey;
import dev.distill.data.curate.DisjointSets;
import dev.distill.data.curate.Facts;
import dev.distill.data.curate.Fate;
import dev.distill.data.curate.NearDuplicateSettings;
import dev.distill.data.curate.ShingleList;
import dev.distill.data.curate.Shingles;
import dev.distill.data.shard.TraceSplit;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * Near duplicates. Texts that share a band are linked, and what is linked is a group; a text is only ever compared with others of its
 * group, so that each group, in canonical order and for itself, gives what all of them in that order give. Only the shingles of
 * texts that are linked with another travel.
 */
final class NearDuplicateGroups {
    private NearDuplicateGroups() {}

    /** Band keys of some texts, for one part. */
    private record Bands(long[] keys, int[] places) implements Serializable {}

    /** Where a text stands: in its group, by its key. */
    record Member(int group, CanonicalKey key, int place) implements Serializable {}

    /** What it is compared by. */
    record Text(Facts.Fingerprint fingerprint, Shingles shingles) implements Serializable {}

    private static final class Order implements Comparator<Member>, Serializable {
        @Override
        public int compare(Member a, Member b) {
            int byGroup = Integer.compare(a.group, b.group);
            int byKey = byGroup == 0 ? a.key.compareTo(b.key) : byGroup;
            return byKey == 0 ? Integer.compare(a.place, b.place) : byKey;
        }
    }

    /** By place its group; -1 for a text that is linked with no other. */
    static int[] groups(StepInput input) throws IOException {
        Broadcast<SplitFiles> splitFiles = input.splitFiles();
        Broadcast<BitSet> remaining = input.remaining();
        int parts = input.parts();
        JavaRDD<Bands> bands = input.splits()
                .mapPartitionsToPair(all -> bands(all.next(), splitFiles.value(), remaining.value(), parts))
                .partitionBy(new ByNumber(parts, part -> part))
                .values();
        DisjointSets linked = new DisjointSets();
        input.cluster().run(bands, NearDuplicateGroups::links, (_, pairs) -> {
            for (int i = 0; i < pairs.length; i += 2) {
                linked.union(pairs[i], pairs[i + 1]);
            }
        });
        return linked.sets(splitFiles.value().rows());
    }

    private static Iterator<Tuple2<Integer, Bands>> bands(
            TraceSplit split, SplitFiles splitFiles, BitSet remaining, int parts) throws IOException {
        List<LongArray> keys = new ArrayList<>();
        List<LongArray> places = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            keys.add(new LongArray());
            places.add(new LongArray());
        }
        splitFiles.visit(split, remaining, (place, row) -> {
            Facts.Fingerprint fingerprint = row.facts().fingerprint();
            if (fingerprint != null) {
                for (long key : fingerprint.keys()) {
                    int part = (int) Long.remainderUnsigned(key, parts);
                    keys.get(part).add(key);
                    places.get(part).add(place);
                }
            }
        });
        List<Tuple2<Integer, Bands>> bands = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            if (keys.get(part).size() > 0) {
                bands.add(new Tuple2<>(
                        part,
                        new Bands(keys.get(part).toArray(), places.get(part).toIntArray())));
            }
        }
        return bands.iterator();
    }

    private static int[] links(Iterator<Bands> bands) {
        List<Bands> all = new ArrayList<>();
        int count = 0;
        while (bands.hasNext()) {
            Bands next = bands.next();
            all.add(next);
            count = Math.addExact(count, next.keys.length);
        }
        BandLinks links = new BandLinks(count);
        for (Bands some : all) {
            for (int i = 0; i < some.keys.length; i++) {
                links.add(some.keys[i], some.places[i]);
            }
        }
        return links.pairs();
    }

    /** What goes. */
    static JavaPairRDD<Integer, Fate> drops(StepInput input, NearDuplicateSettings settings, Broadcast<int[]> groups) {
        Broadcast<SplitFiles> splitFiles = input.splitFiles();
        Broadcast<BitSet> remaining = input.remaining();
        return input.splits()
                .mapPartitionsToPair(all -> texts(all.next(), splitFiles.value(), remaining.value(), groups.value()))
                .repartitionAndSortWithinPartitions(new ByName<Member>(input.parts(), Member::group), new Order())
                .mapPartitionsToPair(texts -> new NearDuplicateDrops(settings, texts));
    }

    private static Iterator<Tuple2<Member, Text>> texts(
            TraceSplit split, SplitFiles splitFiles, BitSet remaining, int[] groups) throws IOException {
        BitSet linked = new BitSet();
        for (int place = split.place(); place < split.end(); place++) {
            linked.set(place, groups[place] >= 0 && remaining.get(place));
        }
        List<Tuple2<Member, Text>> texts = new ArrayList<>();
        try (ShingleList shingles = splitFiles.examined(split).shingles()) {
            int[] read = {split.place()};
            splitFiles.visit(split, linked, (place, row) -> {
                for (; read[0] < place; read[0]++) {
                    shingles.skip();
                }
                read[0]++;
                Text text = new Text(
                        Objects.requireNonNull(row.facts().fingerprint(), "a linked text has bands"),
                        Objects.requireNonNull(shingles.next(), "a text with bands has shingles"));
                texts.add(new Tuple2<>(new Member(groups[place], row.facts().key(), place), text));
            });
        }
        return texts.iterator();
    }
}
