package dev.distill.data.curate;

import dev.distill.data.trace.Verdict;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ExaminedWriter} wrote of each trace, but for verdicts and shingles. For one thread. */
public final class ExaminedReader implements Closeable {
    private static final Verdict.Outcome[] OUTCOMES = Verdict.Outcome.values();

    private final DataInputStream in;
    private final VerdictTexts texts = new VerdictTexts();

    ExaminedReader(DataInputStream in) {
        this.in = in;
    }

    /** The next trace; who reads knows how many there are. */
    public ExaminedRow next() throws IOException {
        Facts facts = facts();
        String promptId = texts.read(in);
        String source = texts.read(in);
        int size = in.readInt();
        Fate failure = in.readBoolean() ? null : new Fate(texts.read(in), texts.read(in));
        return new ExaminedRow(facts, promptId, source, size, failure);
    }

    private Facts facts() throws IOException {
        CanonicalKey key = new CanonicalKey(in.readInt(), VerdictTexts.readOnce(in), VerdictTexts.readOnce(in));
        return new Facts(
                key,
                texts.read(in),
                VerdictTexts.readOnce(in),
                in.readLong(),
                texts.read(in),
                OUTCOMES[in.readByte()],
                fingerprint(),
                null);
    }

    private Facts.@Nullable Fingerprint fingerprint() throws IOException {
        int count = in.readInt();
        if (count < 0) {
            return null;
        }
        long[] bands = new long[count];
        for (int i = 0; i < count; i++) {
            bands[i] = in.readLong();
        }
        return new Facts.Fingerprint(bands, in.readLong());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
