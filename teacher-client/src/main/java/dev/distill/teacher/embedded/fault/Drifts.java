package dev.distill.teacher.embedded.fault;

import dev.distill.teacher.embedded.problem.Draw;
import java.util.List;
import java.util.Locale;

/** A question of the held-out test turns up in the trace: the mind wanders there, solves it in passing, and comes back. */
final class Drifts {
    private static final Phrases PHRASES = Phrases.load("drift.txt");

    private Drifts() {}

    /**
     * @param question the held-out question
     * @param solved how this teacher solves it; its parts are empty where it cannot
     */
    static Draft spoil(Draft honest, String question, Draft solved, Draw draw) {
        Edited edited = edited(question, draw);
        String value = Lines.box(solved.answer()).replaceAll("[^0-9-]", "");
        if (!value.isEmpty() && draw.chance(0.2)) {
            String follow =
                    draw.pick(PHRASES.in("follow")).replace("{q}", edited.text).replace("{v}", value);
            return honest.spoilt(
                    ContentFault.CONTAMINATION,
                    edited.kind + "/in_the_answer",
                    honest.reasoning(),
                    honest.answer() + follow);
        }
        Lines lines = Lines.of(honest.reasoning());
        String way = draw.pick(PHRASES.in("out"))
                .replace("{q}", edited.text)
                .replace("{w}", solved.reasoning().strip());
        lines.insert(draw.below(lines.size()), way.strip() + "\n" + draw.pick(PHRASES.in("back")));
        return honest.spoilt(
                ContentFault.CONTAMINATION, edited.kind + "/in_the_reasoning", lines.text(), honest.answer());
    }

    private record Edited(String kind, String text) {}

    /** The question as it is, or with its look changed; its words and numbers stay. */
    private static Edited edited(String question, Draw draw) {
        return switch (draw.below(8)) {
            case 0 -> new Edited("lower_case", question.toLowerCase(Locale.ROOT));
            case 1 -> new Edited("no_full_stops", question.replaceAll("[.?!](?=\\s|$)", ""));
            case 2 ->
                new Edited("spaced", question.replaceAll("([-+*/=()])", " $1 ").replaceAll(" {2,}", " "));
            case 3 -> new Edited("wrapped", question.replaceAll("([.?]) ", "$1\n"));
            case 4 -> new Edited("one_word_changed", reworded(question, draw));
            default -> new Edited("verbatim", question);
        };
    }

    private static String reworded(String question, Draw draw) {
        List<List<String>> swaps = List.of(
                List.of("How many", "So how many"),
                List.of("Compute", "Please compute"),
                List.of("Solve", "Now solve"),
                List.of("What is", "What's"),
                List.of("Then", "Afterwards"),
                List.of("has", "owns"),
                List.of("Find", "Determine"),
                List.of("Evaluate", "Work out"));
        String changed = question;
        for (List<String> swap : swaps) {
            if (changed.equals(question)) {
                changed = question.replaceFirst("\\b" + swap.get(0) + "\\b", swap.get(1));
            }
        }
        return changed.equals(question) ? draw.pick("Please: ", "Task: ") + question : changed;
    }
}
