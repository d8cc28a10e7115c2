package dev.distill.data.spark;

import dev.distill.data.curate.Choice;
import dev.distill.data.curate.Curation;
import dev.distill.data.curate.Facts;
import dev.distill.data.curate.Fate;
import dev.distill.data.curate.PassRate;
import dev.distill.data.shard.TraceSplit;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * What goes by the pass rate of its prompt, and for want of a place among its prompt's traces: sorted by prompt, the counts of all
 * its samples first, then the traces that remain, those that come first first.
 *
 * @param passRate null for any
 * @param choice null for all traces of a prompt
 */
record PromptChoice(@Nullable PassRate passRate, @Nullable Choice choice) implements Serializable {

    /** A trace, or, without facts, a count of a prompt's samples. */
    private record Entry(String prompt, @Nullable Facts facts, int place) implements Serializable {}

    private static final class Order implements Comparator<Entry>, Serializable {
        private final @Nullable Choice choice;
        private transient @Nullable Comparator<Facts> comparator;

        Order(@Nullable Choice choice) {
            this.choice = choice;
        }

        @Override
        public int compare(Entry a, Entry b) {
            int byPrompt = a.prompt.compareTo(b.prompt);
            if (byPrompt != 0) {
                return byPrompt;
            }
            if (a.facts == null || b.facts == null) {
                return Boolean.compare(a.facts != null, b.facts != null);
            }
            int byChoice = comparator().compare(a.facts, b.facts);
            return byChoice == 0 ? Integer.compare(a.place, b.place) : byChoice;
        }

        private Comparator<Facts> comparator() {
            Comparator<Facts> known = comparator;
            if (known == null) {
                known = choice == null ? Comparator.comparing(Facts::key) : choice.comparator();
                comparator = known;
            }
            return known;
        }
    }

    JavaPairRDD<Integer, Fate> drops(StepInput input) {
        Broadcast<SplitFiles> splitFiles = input.splitFiles();
        Broadcast<BitSet> remaining = input.remaining();
        return input.splits()
                .mapPartitionsToPair(all -> entries(all.next(), splitFiles.value(), remaining.value()))
                .repartitionAndSortWithinPartitions(new ByName<Entry>(input.parts(), Entry::prompt), new Order(choice))
                .mapPartitionsToPair(entries -> new Losers(entries, this));
    }

    private Iterator<Tuple2<Entry, PassRate.Count>> entries(TraceSplit split, SplitFiles splitFiles, BitSet remaining)
            throws IOException {
        List<Tuple2<Entry, PassRate.Count>> entries = new ArrayList<>();
        Map<String, PassRate.Count> counts = new HashMap<>();
        BitSet all = new BitSet();
        all.set(split.place(), split.end());
        splitFiles.visit(split, all, (place, row) -> {
            Facts facts = row.facts();
            PassRate.Count one = PassRate.Count.of(facts.correct());
            if (passRate != null) {
                counts.merge(facts.prompt(), one, PassRate.Count::plus);
            }
            if (remaining.get(place)) {
                entries.add(new Tuple2<>(new Entry(facts.prompt(), brief(facts), place), one));
            }
        });
        counts.forEach((prompt, count) -> entries.add(new Tuple2<>(new Entry(prompt, null, -1), count)));
        return entries.iterator();
    }

    /** What a choice among traces of a prompt looks at. */
    private static Facts brief(Facts facts) {
        return new Facts(facts.key(), "", "", facts.length(), "", Verdict.Outcome.UNDECIDED, null, null);
    }

    private static final class Losers extends Drops {
        private final Iterator<Tuple2<Entry, PassRate.Count>> entries;
        private final PromptChoice choice;
        private String prompt = "";
        private PassRate.Count count = PassRate.Count.of(Verdict.Outcome.UNDECIDED);
        private int kept;

        Losers(Iterator<Tuple2<Entry, PassRate.Count>> entries, PromptChoice choice) {
            this.entries = entries;
            this.choice = choice;
        }

        @Override
        @Nullable
        Tuple2<Integer, Fate> find() {
            while (entries.hasNext()) {
                Tuple2<Entry, PassRate.Count> next = entries.next();
                Entry entry = next._1();
                if (!entry.prompt.equals(prompt)) {
                    prompt = entry.prompt;
                    count = PassRate.Count.of(Verdict.Outcome.UNDECIDED);
                    kept = 0;
                }
                if (entry.facts == null) {
                    count = count.plus(next._2());
                } else {
                    Fate fate = fate();
                    if (fate != null) {
                        return drop(entry.place, fate);
                    }
                    kept++;
                }
            }
            return null;
        }

        /** That of the next trace of the prompt. */
        private @Nullable Fate fate() {
            String why = choice.passRate == null ? null : choice.passRate.refuse(count);
            if (why != null) {
                return new Fate(Curation.PASS_RATE, why);
            }
            return choice.choice == null || kept < choice.choice.perPrompt() ? null : choice.choice.noPlace();
        }
    }
}
