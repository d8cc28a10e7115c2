package dev.distill.eval.grade;

import dev.distill.data.answer.AnswerExtractor;
import dev.distill.data.answer.ChoiceLetter;
import dev.distill.data.answer.Extracted;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Grades the letter of an option: {@code ANSWER: C}, a letter in a box, "(C)" in the last sentence, or the option's own text in its place. Different letters one
 * after the other at the end are no answer: a model that names two has not chosen.
 */
public final class ChoiceGrader implements Grader {
    private static final AnswerExtractor EXPLICIT =
            AnswerExtractor.of(EnumSet.of(Extracted.Source.BOXED, Extracted.Source.STATED));

    /** Of a task whose questions bring no options. */
    private static final String COMMON = "ABCDEFGHIJ";

    /** A line that is a choice and nothing else; as openai/simple-evals asks for it. */
    private static final Pattern CHOSEN = Pattern.compile(
            "[\\s*_#>-]*(?:(?:the|my)\\s+)?(?:final\\s+)?(?:(?:correct\\s+)?answer[\\s*]*(?:is[\\s*]*:?|:)[\\s*]*)?"
                    + "(?:option\\s+)?[$*(\\[{\\s]*(?:\\\\boxed\\{)?\\(?([A-Z])[)\\]}$*\\s.]*",
            Pattern.CASE_INSENSITIVE);

    /** What a line before the last must have to be a choice too, and not an option of a list. */
    private static final Pattern SAYS = Pattern.compile("answer|boxed", Pattern.CASE_INSENSITIVE);

    /** More than one letter where one is asked for. */
    private static final Pattern SEVERAL = Pattern.compile(
            "answer[\\s*]*(?:is[\\s*]*:?|:)[\\s*$(]*([A-Z])\\)?\\s*(?:,|/|&|and\\b|or\\b)\\s*\\(?([A-Z])(?![A-Za-z]).*",
            Pattern.CASE_INSENSITIVE);

    @Override
    public Graded grade(Question question, Response response) {
        Optional<Graded> unanswered = Unanswered.of(response);
        if (unanswered.isPresent()) {
            return unanswered.get();
        }
        String letters = question.options().isEmpty() ? COMMON : question.letters();
        TreeSet<String> last = atTheEnd(response.answer(), letters);
        if (last.size() > 1) {
            return new Graded(response, Grade.NO_ANSWER, null, "chooses " + String.join(" and ", last));
        }
        Optional<String> chosen = last.isEmpty()
                ? ChoiceLetter.in(response.answer(), letters).or(() -> byText(question, response.answer()))
                : Optional.of(last.first());
        if (chosen.isEmpty()) {
            return new Graded(response, Grade.NO_ANSWER, null, "chooses none of " + letters);
        }
        String right = Objects.requireNonNull(question.prompt().reference(), "a task's questions have references");
        return new Graded(
                response,
                chosen.get().equals(right.strip()) ? Grade.RIGHT : Grade.WRONG,
                chosen.get(),
                "the right one is " + right.strip());
    }

    /** The letters of the lines at the end that are a choice and nothing else. */
    private static TreeSet<String> atTheEnd(String answer, String letters) {
        TreeSet<String> found = new TreeSet<>();
        List<String> lines = answer.lines().filter(line -> !line.isBlank()).toList();
        for (String line : lines.reversed()) {
            Matcher chosen = CHOSEN.matcher(line);
            Matcher several = SEVERAL.matcher(line);
            if (found.isEmpty() && several.find()) {
                add(several.group(1), letters, found);
                add(several.group(2), letters, found);
                return found;
            }
            boolean says = found.isEmpty() || SAYS.matcher(line).find();
            if (!says || !chosen.matches() || !add(chosen.group(1), letters, found)) {
                return found;
            }
        }
        return found;
    }

    private static boolean add(String letter, String letters, TreeSet<String> found) {
        String upper = letter.toUpperCase(Locale.ROOT);
        return letters.contains(upper) && (found.add(upper) || found.contains(upper));
    }

    /** The one option whose text is the final answer. */
    private static Optional<String> byText(Question question, String answer) {
        String text = EXPLICIT.extract(answer)
                .map(Extracted::text)
                .orElseGet(() -> answer.lines().filter(line -> !line.isBlank()).reduce("", (_, last) -> last));
        String form = NormalForm.of(text);
        List<Integer> same = IntStream.range(0, question.options().size())
                .filter(i -> NormalForm.of(question.options().get(i)).equals(form))
                .boxed()
                .toList();
        return same.size() == 1
                ? Optional.of(question.letters().substring(same.getFirst(), same.getFirst() + 1))
                : Optional.empty();
    }

    @Override
    public List<List<Graded>> classes(Question question, List<Graded> responses) {
        return AnswerGroups.by(UnaryOperator.identity(), responses);
    }
}
