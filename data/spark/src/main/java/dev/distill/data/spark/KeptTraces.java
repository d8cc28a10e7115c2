package dev.distill.data.spark;

import dev.distill.data.curate.VerdictList;
import dev.distill.data.shard.TraceSplit;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Traces that are kept, with all verdicts, from one place to before another: read again from the splits in which they lie. For one thread. */
final class KeptTraces implements Iterator<Trace>, Closeable {
    private final SplitFiles splitFiles;
    private final BitSet kept;
    private final int end;
    private int place;
    private int number;
    private @Nullable Open open;

    /** A split that is being read. */
    private record Open(TraceSplit split, TraceSplit.Rows<Trace> traces, VerdictList verdicts) implements Closeable {
        @Override
        public void close() throws IOException {
            try (traces) {
                verdicts.close();
            }
        }
    }

    KeptTraces(SplitFiles splitFiles, BitSet kept, int from, int end) {
        this.splitFiles = splitFiles;
        this.kept = kept;
        this.end = end;
        this.number = splitFiles.numberOf(from);
        this.place = splitFiles.splits().get(number).place();
        skip(from);
    }

    /** Reads over those before this place. */
    private void skip(int from) {
        while (place < from) {
            read();
        }
    }

    @Override
    public boolean hasNext() {
        int next = kept.nextSetBit(place);
        return next >= 0 && next < end;
    }

    /** The next one. */
    @Override
    public Trace next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more traces are kept before place " + end);
        }
        skip(kept.nextSetBit(place));
        return read();
    }

    /** The trace at the place, whether it is kept or not. */
    private Trace read() {
        try {
            Open from = open;
            if (from == null) {
                TraceSplit split = splitFiles.splits().get(number);
                from = new Open(split, split.open(), splitFiles.examined(split).verdicts());
                open = from;
            }
            Trace trace = from.traces.next();
            List<Verdict> verdicts = from.verdicts.next();
            place++;
            if (place == from.split.end()) {
                close();
                number++;
            }
            return trace.withVerdicts(verdicts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        Open last = open;
        open = null;
        if (last != null) {
            last.close();
        }
    }
}
