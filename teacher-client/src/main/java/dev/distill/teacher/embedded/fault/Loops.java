package dev.distill.teacher.embedded.fault;

import dev.distill.data.trace.FinishReason;
import dev.distill.teacher.embedded.problem.Draw;

/** The model says the same thing again and again, some dozen times or until the token limit. */
final class Loops {
    private static final Phrases PHRASES = Phrases.load("loops.txt");
    /** More than any limit of tokens lets through; the reply is cut to the limit later. */
    private static final int ENDLESS_CHARACTERS = 200_000;

    /** What is said again: its unit number {@code i}, with the white space that follows. */
    private interface Unit {
        String at(int i);
    }

    private record Shape(String kind, Unit unit) {}

    private Loops() {}

    static Draft spoil(Draft honest, Draw draw) {
        Lines lines = Lines.of(honest.reasoning());
        int at = draw.between(0, lines.size() - 1);
        Shape shape = shape(lines.get(at), honest, draw);
        String before = lines.first(at).text() + (at == 0 ? "" : "\n");
        if (draw.chance(0.35)) {
            return honest.spoilt(ContentFault.REPETITION, shape.kind + "/endless", before + endless(shape.unit), "")
                    .ending(FinishReason.LENGTH);
        }
        int times = draw.between(10, 60);
        StringBuilder text = new StringBuilder(before);
        for (int i = 1; i <= times; i++) {
            text.append(shape.unit.at(i));
        }
        text.append('\n');
        for (int i = at; i < lines.size(); i++) {
            text.append(lines.get(i)).append(i < lines.size() - 1 ? "\n" : "");
        }
        return honest.spoilt(ContentFault.REPETITION, shape.kind + "/" + times, text.toString(), honest.answer());
    }

    private static Shape shape(String line, Draft honest, Draw draw) {
        String gap = draw.pick(" ", "\n", "\n\n");
        return switch (draw.below(9)) {
            case 0 -> same("sentence", draw.pick(PHRASES.in("sentence")), gap);
            case 1 -> same("paragraph", draw.pick(PHRASES.in("paragraph")), draw.pick("\n", "\n\n"));
            case 2 -> same("phrase", draw.pick(PHRASES.in("phrase")), " ");
            case 3 -> same("line", line.isBlank() ? draw.pick(PHRASES.in("sentence")) : line, "\n");
            case 4 -> same("everything", honest.reasoning().strip(), "\n\n");
            case 5 -> same("answer", honest.answer(), gap);
            case 6 -> alternating(draw.pick(PHRASES.in("pair")).split("\\|", 2), gap);
            case 7 -> counting(draw.pick(PHRASES.in("counter")));
            default ->
                same(
                        "token",
                        draw.pick("the", "so", "7", "0", "=", "1+", ")", "ha", "\\boxed{", "…", "!"),
                        draw.pick("", " "));
        };
    }

    private static Shape same(String kind, String text, String gap) {
        return new Shape(kind, i -> text + gap);
    }

    private static Shape alternating(String[] pair, String gap) {
        return new Shape("pair", i -> pair[i % 2] + gap);
    }

    private static Shape counting(String text) {
        return new Shape("counter", i -> text.replace("{i}", Integer.toString(i)) + "\n");
    }

    private static String endless(Unit unit) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; text.length() < ENDLESS_CHARACTERS; i++) {
            text.append(unit.at(i));
        }
        return text.toString();
    }
}
