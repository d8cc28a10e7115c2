package dev.distill.train.teach;

import dev.distill.data.pack.Sample;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Texts that a teacher was given and could not read, of which it says nothing. The first of each kind is told of at once, all are counted. */
final class UnreadTexts {
    private static final Logger LOG = LoggerFactory.getLogger(UnreadTexts.class);

    private final int positions;
    private final Set<Why> told = EnumSet.noneOf(Why.class);
    private long count;

    /** Why not. */
    enum Why {
        TOO_LONG("is longer than it is meant for"),
        NOT_RENDERED("cannot be carried by its chat template"),
        CHANGED("is another one once its tokenizer has read it");

        private final String words;

        Why(String words) {
            this.words = words;
        }
    }

    /** @param positions tokens that the teacher is meant for */
    UnreadTexts(int positions) {
        this.positions = positions;
    }

    /** Whether the teacher cannot read a text as long as this, in its own tokens; counts it then. */
    boolean isTooLong(Sample own) {
        if (own.length() <= positions) {
            return false;
        }
        add(Why.TOO_LONG, own.traceId(), own.length() + " tokens, and it is meant for " + positions);
        return true;
    }

    /**
     * Counts a text.
     *
     * @param detail what there is to say of this one
     */
    void add(Why why, String traceId, String detail) {
        count++;
        if (told.add(why)) {
            LOG.warn(
                    "teacher: nothing is learnt from it of the text of trace {}, which {} ({}); others like it are counted",
                    traceId,
                    why.words,
                    detail);
        }
    }

    long count() {
        return count;
    }
}
