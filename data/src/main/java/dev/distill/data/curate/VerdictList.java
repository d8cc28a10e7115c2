package dev.distill.data.curate;

import dev.distill.data.trace.Verdict;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Verdicts about traces, one after the other, from a file. For one thread. */
public final class VerdictList implements Closeable {
    private final DataInputStream in;
    private final VerdictTexts texts = new VerdictTexts();

    VerdictList(DataInputStream in) {
        this.in = in;
    }

    /** What a {@link Writer} wrote. */
    public static VerdictList open(Path file) throws IOException {
        return new VerdictList(ExaminedFiles.in(file));
    }

    /** Those about the next trace; who reads knows how many there are. */
    public List<Verdict> next() throws IOException {
        return texts.verdicts(in);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Writes such a file. For one thread. */
    public static final class Writer implements Closeable {
        private final DataOutputStream out;
        private final VerdictTexts texts = new VerdictTexts();

        public Writer(Path file) throws IOException {
            this.out = ExaminedFiles.out(file);
        }

        public void add(List<Verdict> verdicts) throws IOException {
            texts.write(out, verdicts);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
