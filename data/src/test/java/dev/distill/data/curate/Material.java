package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Labelled texts to measure filters with, written by hand: clean traces, and faults to put into them. Thresholds were chosen
 * on the even ones of each list; tests report on the odd ones.
 */
final class Material {
    /** The clean traces from 0 on that are in English; the last one is no place for a fault, it has a foreign word. */
    private static final int FIRST_FOREIGN = 29;

    private Material() {}

    /** Questions with honest replies: formulas, code, tables, names, several languages. */
    static List<Trace> clean() {
        List<Trace> traces = new ArrayList<>();
        for (String record : text("clean.txt").split("\n---\n")) {
            String[] lines = record.strip().split("\n");
            traces.add(Traces.trace(
                    lines[0],
                    String.join("\n", List.of(lines).subList(1, lines.length - 1)),
                    lines[lines.length - 1],
                    null));
        }
        return traces;
    }

    /** Those in which a fault is put: in English, without code, foreign words or names of models. */
    static List<Trace> carriers() {
        List<Trace> carriers = new ArrayList<>();
        List<Trace> clean = clean();
        for (int i = 0; i < clean.size(); i++) {
            boolean special = clean.get(i)
                    .question()
                    .matches("(?s).*(print|Python|mean\\?|Spanish|ChatGPT|Claude|résumé|wrote).*");
            boolean english = LanguageCount.of(clean.get(i).question()).language() == Language.ENGLISH;
            if (!special && english && (i < FIRST_FOREIGN || i > FIRST_FOREIGN + 12)) {
                carriers.add(clean.get(i));
            }
        }
        return carriers;
    }

    /** The lines of a list, remarks left out. */
    static List<String> lines(String file) {
        return text(file).lines().filter(line -> !line.startsWith("#")).toList();
    }

    /** A carrier with a sentence put between two others, or between two lines. */
    static Trace with(Trace carrier, String sentence, Random random) {
        String text = Objects.requireNonNull(carrier.reasoning());
        List<Integer> places = new ArrayList<>(List.of(0, text.length()));
        for (int i = 1; i < text.length(); i++) {
            if ((text.charAt(i - 1) == ' ' && ".,:".indexOf(text.charAt(Math.max(0, i - 2))) >= 0)
                    || text.charAt(i - 1) == '\n') {
                places.add(i);
            }
        }
        int at = places.get(random.nextInt(places.size()));
        return Traces.trace(
                carrier.question(),
                text.substring(0, at) + (at == text.length() ? " " : "") + sentence + " " + text.substring(at),
                carrier.answer(),
                null);
    }

    private static String text(String file) {
        try (InputStream in = Objects.requireNonNull(Material.class.getResourceAsStream(file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
