package dev.distill.data.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Groups the answers of several samples into classes of equal answers, for majority voting: {@code 1/2}, {@code 0.5} and
 * {@code \frac{1}{2}} vote together. Deterministic: an answer joins the first class whose first member it equals.
 */
public final class AnswerClasses {
    /**
     * Equal answers.
     *
     * @param answer the first of them, as it was extracted
     * @param members which samples gave it, by their place in the list, rising
     */
    public record AnswerClass(String answer, List<Integer> members) {
        public AnswerClass {
            members = List.copyOf(members);
        }

        public int votes() {
            return members.size();
        }
    }

    private AnswerClasses() {}

    /** The classes of these completions' answers, most votes first, earlier first among equals. No answer, no vote. */
    public static List<AnswerClass> of(List<String> completions, AnswerExtractor extractor, AnswerComparer comparer) {
        List<String> answers = new ArrayList<>();
        List<List<Integer>> members = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            Optional<Extracted> extracted = extractor.extract(completions.get(i));
            if (extracted.isPresent()) {
                join(extracted.get().text(), i, answers, members, comparer);
            }
        }
        List<AnswerClass> classes = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            classes.add(new AnswerClass(answers.get(i), members.get(i)));
        }
        classes.sort((a, b) -> b.votes() - a.votes());
        return List.copyOf(classes);
    }

    /** The same with the standard rules. */
    public static List<AnswerClass> of(List<String> completions) {
        return of(completions, AnswerExtractor.standard(), AnswerComparer.standard());
    }

    private static void join(
            String answer, int sample, List<String> answers, List<List<Integer>> members, AnswerComparer comparer) {
        for (int i = 0; i < answers.size(); i++) {
            if (comparer.compare(answers.get(i), answer).outcome() == AnswerComparer.Outcome.EQUAL) {
                members.get(i).add(sample);
                return;
            }
        }
        answers.add(answer);
        members.add(new ArrayList<>(List.of(sample)));
    }
}
