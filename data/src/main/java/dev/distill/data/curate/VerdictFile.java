package dev.distill.data.curate;

import dev.distill.data.trace.Verdict;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdicts of many traces on the disk between the look at each and the choice among them, in order, so that no filter runs
 * twice. Goes when it is closed. For one thread.
 */
final class VerdictFile implements Closeable {
    private static final int BUFFER = 1 << 18;

    private final Path file;
    private final DataOutputStream out;
    private final VerdictTexts texts = new VerdictTexts();
    private @Nullable DataInputStream in;

    VerdictFile(Path file) throws IOException {
        this.file = file;
        this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
    }

    /** Writes those of the next trace. */
    void add(List<Verdict> verdicts) throws IOException {
        texts.write(out, verdicts);
    }

    /** Those of the next trace, from the first on; nothing is added any more. */
    List<Verdict> next() throws IOException {
        if (in == null) {
            out.close();
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
        }
        return texts.verdicts(in);
    }

    @Override
    public void close() throws IOException {
        out.close();
        if (in != null) {
            in.close();
        }
        Files.deleteIfExists(file);
    }
}
