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

/** The near duplicates of groups that come one after the other, each in canonical order. What stays of a group is held until it ends, its shingles on the disk where they are many. */
final class NearDuplicateDrops extends Drops {
    /** Texts that stay from which on a table of them is not used for the next group. */
    private static final int MANY = 1_000;

    private final NearDuplicateSettings settings;
    private final Iterator<Tuple2<Member, Text>> texts;
    private KeptShingles shelf = new KeptShingles();
    private NearDuplicates near;
    private final List<String> kept = new ArrayList<>();
    private int group = -1;

    NearDuplicateDrops(NearDuplicateSettings settings, Iterator<Tuple2<Member, Text>> texts) {
        this.settings = settings;
        this.texts = texts;
        this.near = new NearDuplicates(settings, shelf);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) _ -> shelf.close());
    }

    @Override
    @Nullable
    Tuple2<Integer, Fate> find() throws IOException {
        while (texts.hasNext()) {
            Tuple2<Member, Text> next = texts.next();
            Member member = next._1();
            Text text = next._2();
            if (member.group() != group) {
                group = member.group();
                renewWhereLarge();
            }
            int number = kept.size();
            shelf.ask(number, text.shingles());
            NearDuplicates.Match match = near.find(number, text.fingerprint());
            if (match != null) {
                return drop(member.place(), Fate.nearDuplicateOf(kept.get(match.earlier()), match.similarity()));
            }
            near.add(number, text.fingerprint());
            shelf.keep(text.shingles());
            kept.add(member.key().id());
        }
        return null;
    }

    /** Texts of other groups share no band with those of this one: they may stand in the table, but need not. */
    private void renewWhereLarge() {
        if (kept.size() >= MANY) {
            shelf.close();
            shelf = new KeptShingles();
            near = new NearDuplicates(settings, shelf);
            kept.clear();
        }
    }
}
