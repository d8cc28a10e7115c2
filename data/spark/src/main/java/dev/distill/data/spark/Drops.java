package dev.distill.data.spark;

import dev.distill.data.curate.Fate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/** What a step drops, found one after the other as it is asked for, so that a worker need not hold them all. */
abstract class Drops implements Iterator<Tuple2<Integer, Fate>> {
    private @Nullable Tuple2<Integer, Fate> next;

    /** The next one; null behind the last. */
    abstract @Nullable Tuple2<Integer, Fate> find() throws IOException;

    static Tuple2<Integer, Fate> drop(int place, Fate fate) {
        return new Tuple2<>(place, fate);
    }

    @Override
    public final boolean hasNext() {
        try {
            next = next == null ? find() : next;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return next != null;
    }

    @Override
    public final Tuple2<Integer, Fate> next() {
        Tuple2<Integer, Fate> found = hasNext() ? next : null;
        if (found == null) {
            throw new NoSuchElementException("nothing more is dropped");
        }
        next = null;
        return found;
    }
}
