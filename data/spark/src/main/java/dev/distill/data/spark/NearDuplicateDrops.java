package dev.distill.data.spark;

import dev.distill.data.curate.Fate;
import dev.distill.data.curate.KeptShingles;
import dev.distill.data.curate.NearDuplicateSettings;
import dev.distill.data.curate.NearDuplicates;
import dev.distill.data.spark.NearDuplicateGroups.Member;
import dev.distill.data.spark.NearDuplicateGroups.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * The near duplicates among linked texts, which come one set after the other, each in canonical order. Of a set the ids and bands are
 * held until it ends, its shingles on the disk where they are many.
 */
final class NearDuplicateDrops extends Drops {
    /** Texts from which on a table of them is not used for the next set. */
    private static final int MANY = 1_000;

    private final NearDuplicateSettings settings;
    private final Iterator<Tuple2<Member, Text>> texts;
    private KeptShingles shingles = new KeptShingles();
    private NearDuplicates near;
    private final List<Member> members = new ArrayList<>();
    private @Nullable Tuple2<Member, Text> ahead;

    /** Members whose groups have been asked for. */
    private int asked;

    NearDuplicateDrops(NearDuplicateSettings settings, Iterator<Tuple2<Member, Text>> texts) {
        this.settings = settings;
        this.texts = texts;
        this.near = new NearDuplicates(settings, shingles);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) _ -> shingles.close());
    }

    @Override
    @Nullable
    Tuple2<Integer, Fate> find() throws IOException {
        do {
            for (; asked < members.size(); asked++) {
                int first = near.first(asked);
                if (first != asked) {
                    int number = asked++;
                    String id = members.get(first).key().id();
                    return drop(members.get(number).place(), Fate.nearDuplicateOf(id, near.similarity(number)));
                }
            }
        } while (addNextSet());
        return null;
    }

    /** Adds all texts that are linked with the next one; false where there is none. */
    private boolean addNextSet() throws IOException {
        Tuple2<Member, Text> next = ahead == null && texts.hasNext() ? texts.next() : ahead;
        ahead = null;
        if (next == null) {
            return false;
        }
        renewWhereLarge();
        int group = next._1().group();
        while (next != null && next._1().group() == group) {
            int number = members.size();
            members.add(next._1());
            shingles.keep(next._2().shingles());
            near.add(number, next._2().fingerprint());
            next = texts.hasNext() ? texts.next() : null;
        }
        ahead = next;
        return true;
    }

    /** Texts of other sets share no band with those of this one: they may stand in the table, but need not. */
    private void renewWhereLarge() {
        if (members.size() >= MANY) {
            shingles.close();
            shingles = new KeptShingles();
            near = new NearDuplicates(settings, shingles);
            members.clear();
            asked = 0;
        }
    }
}
