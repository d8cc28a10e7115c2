package dev.distill.teacher.embedded.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One form of question: how it is worded and which expression solves it.
 *
 * <p>The letters mean the same in all forms: {@code a}, {@code b}, {@code d} are numbers of two digits, {@code c} and {@code k}
 * factors, {@code g} a number of pages; in equations {@code x} is the solution and {@code r} the right side.
 *
 * @param wordings what is asked, in several wordings
 * @param solution the expression that gives the answer
 * @param left for equations: the left side with the solution put in, which gives the right side; null for the others
 * @param onlyHard whether the form belongs to the harder setting alone
 */
record Form(
        List<Template> wordings,
        Template solution,
        @Nullable Template left,
        boolean onlyHard) {

    static Form of(List<String> wordings, String solution) {
        return new Form(templates(wordings), new Template(solution), null, false);
    }

    static Form ofEquation(List<String> wordings, String solution, String left) {
        return new Form(templates(wordings), new Template(solution), new Template(left), false);
    }

    Form onlyForHard() {
        return new Form(wordings, solution, left, true);
    }

    boolean isFor(Difficulty difficulty) {
        return !onlyHard || difficulty == Difficulty.HARD;
    }

    /** A question of this form; empty where the numbers drawn do not make a good one. */
    Optional<Problem> make(Family family, Draw draw) {
        Map<String, String> values = names(draw);
        values.putAll(numbers(draw));
        try {
            if (left != null) {
                long right = Expression.read(left.fill(values)).value();
                if (right < 100) {
                    return Optional.empty();
                }
                values.put("r", Long.toString(right));
            }
            List<Step> steps = Expression.read(solution.fill(values)).steps();
            return steps.stream().allMatch(Step::keepsWidth)
                    ? Optional.of(problem(family, draw.pick(wordings).fill(values, draw), values))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The problem that this question asks; empty where it has another form. */
    Optional<Problem> read(Family family, String question) {
        return wordings.stream()
                .flatMap(wording -> wording.read(question).stream())
                .findFirst()
                .map(values -> problem(family, question, values));
    }

    private static List<Template> templates(List<String> texts) {
        return texts.stream().map(Template::new).toList();
    }

    private static Map<String, String> names(Draw draw) {
        List<String> people = Template.PEOPLE;
        int first = draw.below(people.size());
        int second = (first + draw.between(1, people.size() - 1)) % people.size();
        Map<String, String> names = new LinkedHashMap<>();
        names.put("N", people.get(first));
        names.put("M", people.get(second));
        names.put("o", draw.pick(Template.THINGS));
        names.put("v", draw.pick(Template.VARIABLES));
        return names;
    }

    /** A solution has three digits where the last step of its equation is a sum, two elsewhere; {@link #make} sees to it. */
    private static Map<String, String> numbers(Draw draw) {
        Map<String, String> numbers = new LinkedHashMap<>();
        for (String letter : List.of("a", "b", "d")) {
            numbers.put(letter, Integer.toString(draw.between(10, 99)));
        }
        for (String letter : List.of("c", "k")) {
            numbers.put(letter, Integer.toString(draw.between(2, 5)));
        }
        numbers.put("g", Integer.toString(draw.between(100, 299)));
        numbers.put("x", Integer.toString(draw.between(10, 198)));
        return numbers;
    }

    private Problem problem(Family family, String question, Map<String, String> values) {
        Substitution substitution = left == null ? null : new Substitution(left, values);
        return new Problem(family, question, solution.fill(values), substitution);
    }
}
