package dev.distill.data.curate;

import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Verdicts and texts as bytes, for files that live as long as a run. Texts that have come before are written as their number. For one thread. */
final class VerdictTexts {
    /** Texts that are remembered; longer ones, and those that come later, are written out each time. */
    private static final int MOST_TEXTS = 1 << 14;

    private static final int LONGEST_TEXT = 80;
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> texts = new ArrayList<>();

    void write(DataOutput out, List<Verdict> verdicts) throws IOException {
        out.writeInt(verdicts.size());
        for (Verdict verdict : verdicts) {
            write(out, verdict.by());
            out.writeByte(verdict.outcome().ordinal());
            write(out, verdict.reason());
        }
    }

    /** A known text is its number from 1; 0 and the text is a new one, -1 and the text one that is not remembered. */
    void write(DataOutput out, String text) throws IOException {
        Integer number = numbers.get(text);
        if (number != null) {
            out.writeInt(number);
            return;
        }
        boolean remembered = text.length() <= LONGEST_TEXT && numbers.size() < MOST_TEXTS;
        if (remembered) {
            numbers.put(text, numbers.size() + 1);
        }
        out.writeInt(remembered ? 0 : -1);
        writeOnce(out, text);
    }

    /** A text that does not come again. */
    static void writeOnce(DataOutput out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    List<Verdict> verdicts(DataInput in) throws IOException {
        int size = in.readInt();
        List<Verdict> verdicts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            String by = read(in);
            Outcome outcome = OUTCOMES[in.readByte()];
            verdicts.add(new Verdict(by, outcome, read(in)));
        }
        return verdicts;
    }

    String read(DataInput in) throws IOException {
        int number = in.readInt();
        if (number > 0) {
            return texts.get(number - 1);
        }
        String text = readOnce(in);
        if (number == 0) {
            texts.add(text);
        }
        return text;
    }

    static String readOnce(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
