package dev.distill.data.curate;

import dev.distill.data.shard.TraceVerdict;
import dev.distill.data.shard.VerdictFolder;
import dev.distill.data.shard.VerdictJoin;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What checks that ran apart have found out about traces, which are asked about one after the other, in their order. For one thread. */
public final class ApartVerdicts implements Closeable {
    private final List<VerdictJoin> joins = new ArrayList<>();

    /** @param folders of verdicts, one of each check */
    public ApartVerdicts(List<Path> folders) throws IOException {
        try {
            for (Path folder : folders) {
                joins.add(new VerdictJoin(VerdictFolder.of(folder).open()));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Those about the trace whose turn it is, in the order of the folders. */
    public List<Verdict> of(Trace trace) throws IOException {
        List<Verdict> found = new ArrayList<>();
        for (VerdictJoin join : joins) {
            add(found, join.of(trace));
        }
        return found;
    }

    /** {@link #of(Trace)} of the trace of this key. */
    public List<Verdict> of(TraceVerdict.Key key) throws IOException {
        List<Verdict> found = new ArrayList<>();
        for (VerdictJoin join : joins) {
            add(found, join.of(key));
        }
        return found;
    }

    private static void add(List<Verdict> found, @Nullable Verdict verdict) {
        if (verdict != null) {
            found.add(verdict);
        }
    }

    /**
     * There are no more traces.
     *
     * @throws IllegalStateException if there are verdicts left
     */
    public void end() {
        joins.forEach(VerdictJoin::end);
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (VerdictJoin join : joins) {
            try {
                join.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
