package dev.distill.data.curate;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shingles of texts by their numbers from 0: in memory up to a few megabytes, in a file of their own beyond. For one thread.
 */
public final class KeptShingles implements ShingleStore, Closeable {
    /** Hashes that are held in memory: 64 MiB. */
    private static final long MOST = 16L << 20;

    private final List<Shingles> first = new ArrayList<>();
    private final long most;
    private long held;
    private @Nullable ShingleFile others;

    public KeptShingles() {
        this(MOST);
    }

    /** @param most hashes that are held in memory */
    KeptShingles(long most) {
        this.most = most;
    }

    /** Keeps those of the next number. */
    public void keep(Shingles shingles) throws IOException {
        held += shingles.smallest().length;
        if (held <= most) {
            first.add(shingles);
            return;
        }
        if (others == null) {
            others = new ShingleFile(Files.createTempFile("distill-shingles", ".tmp"));
        }
        others.addOrSkip(shingles);
    }

    @Override
    public Shingles get(int text) throws IOException {
        if (text < first.size()) {
            return first.get(text);
        }
        if (others == null) {
            throw new IllegalArgumentException("curate: no shingles of text " + text + "; there are " + first.size());
        }
        return others.get(text - first.size());
    }

    @Override
    public void close() {
        first.clear();
        try (ShingleFile _ = others) {
            others = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
