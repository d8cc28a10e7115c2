package dev.distill.data.curate;

import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The verdicts of many traces on the disk between the look at each and the choice among them, in order, so that no filter runs
 * twice. Texts that have come before are written as their number. Goes when it is closed. For one thread.
 */
final class VerdictFile implements Closeable {
    private static final int BUFFER = 1 << 18;

    /** Texts that are remembered; longer ones, and those that come later, are written out each time. */
    private static final int MOST_TEXTS = 1 << 14;

    private static final int LONGEST_TEXT = 80;
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final Path file;
    private final DataOutputStream out;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> texts = new ArrayList<>();
    private @Nullable DataInputStream in;

    VerdictFile(Path file) throws IOException {
        this.file = file;
        this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
    }

    /** Writes those of the next trace. */
    void add(List<Verdict> verdicts) throws IOException {
        out.writeInt(verdicts.size());
        for (Verdict verdict : verdicts) {
            write(verdict.by());
            out.writeByte(verdict.outcome().ordinal());
            write(verdict.reason());
        }
    }

    /** A known text is its number from 1; 0 and the text is a new one, -1 and the text one that is not remembered. */
    private void write(String text) throws IOException {
        Integer number = numbers.get(text);
        if (number != null) {
            out.writeInt(number);
            return;
        }
        boolean remembered = text.length() <= LONGEST_TEXT && numbers.size() < MOST_TEXTS;
        if (remembered) {
            numbers.put(text, numbers.size() + 1);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(remembered ? 0 : -1);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Those of the next trace, from the first on; nothing is added any more. */
    List<Verdict> next() throws IOException {
        if (in == null) {
            out.close();
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
        }
        int size = in.readInt();
        List<Verdict> verdicts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            String by = read(in);
            Outcome outcome = OUTCOMES[in.readByte()];
            verdicts.add(new Verdict(by, outcome, read(in)));
        }
        return verdicts;
    }

    private String read(DataInputStream from) throws IOException {
        int number = from.readInt();
        if (number > 0) {
            return texts.get(number - 1);
        }
        byte[] bytes = from.readNBytes(from.readInt());
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (number == 0) {
            texts.add(text);
        }
        return text;
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
