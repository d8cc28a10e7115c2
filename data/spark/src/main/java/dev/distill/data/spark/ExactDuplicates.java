package dev.distill.data.spark;

import dev.distill.data.curate.CanonicalKey;
import dev.distill.data.curate.Fate;
import dev.distill.data.shard.TraceSplit;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/** Traces that repeat another to the letter: sorted by what names the text, the first of each stays. */
final class ExactDuplicates {
    private ExactDuplicates() {}

    private record Text(String text, CanonicalKey key, int place) implements Serializable {}

    private static final class Order implements Comparator<Text>, Serializable {
        @Override
        public int compare(Text a, Text b) {
            int byText = a.text.compareTo(b.text);
            int byKey = byText == 0 ? a.key.compareTo(b.key) : byText;
            return byKey == 0 ? Integer.compare(a.place, b.place) : byKey;
        }
    }

    static JavaPairRDD<Integer, Fate> drops(StepInput input) {
        Broadcast<SplitFiles> splitFiles = input.splitFiles();
        Broadcast<BitSet> remaining = input.remaining();
        return input.splits()
                .mapPartitionsToPair(all -> texts(all.next(), splitFiles.value(), remaining.value()))
                .repartitionAndSortWithinPartitions(new ByName<Text>(input.parts(), Text::text), new Order())
                .mapPartitionsToPair(Repeated::new);
    }

    private static Iterator<Tuple2<Text, Boolean>> texts(TraceSplit split, SplitFiles splitFiles, BitSet remaining)
            throws IOException {
        List<Tuple2<Text, Boolean>> texts = new ArrayList<>();
        splitFiles.visit(
                split,
                remaining,
                (place, row) -> texts.add(
                        new Tuple2<>(new Text(row.facts().text(), row.facts().key(), place), true)));
        return texts.iterator();
    }

    /** All of a text but the first. */
    private static final class Repeated extends Drops {
        private final Iterator<Tuple2<Text, Boolean>> texts;
        private @Nullable Text first;

        Repeated(Iterator<Tuple2<Text, Boolean>> texts) {
            this.texts = texts;
        }

        @Override
        @Nullable
        Tuple2<Integer, Fate> find() {
            while (texts.hasNext()) {
                Text text = texts.next()._1();
                if (first != null && first.text.equals(text.text)) {
                    return drop(text.place, Fate.duplicateOf(first.key.id()));
                }
                first = text;
            }
            return null;
        }
    }
}
