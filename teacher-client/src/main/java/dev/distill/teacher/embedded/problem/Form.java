package dev.distill.teacher.embedded.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One form of question: how it is worded, which numbers it takes, which expression solves it and how the solution is checked.
 *
 * @param wordings what is asked, in several wordings
 * @param solution the expression that gives the answer
 * @param ranges the numbers that are drawn, by letter
 * @param derived numbers that follow from the others, by letter, as expressions, in order
 * @param least the least value that a step, by its number from 0, may have where it is not the family's
 * @param check for equations: the sides with the solution put in, see {@link Substitution}; null checks the last step backwards
 * @param onlyHard whether the form belongs to the harder setting alone, with its ranges as they stand
 */
record Form(
        List<Template> wordings,
        Template solution,
        Map<String, Range> ranges,
        Map<String, Template> derived,
        Map<Integer, Integer> least,
        @Nullable Template check,
        boolean onlyHard) {

    /** Whole numbers from {@code low} to {@code high}, both included. */
    record Range(int low, int high) {
        private int draw(int scale, Draw draw) {
            return high <= 9 ? draw.between(low, high) : draw.between(low * scale, high * scale + scale - 1);
        }
    }

    /** A question with the letters of its form. */
    private record Letters(String question, Map<String, String> values) {}

    static Form of(List<String> wordings, String solution, Map<String, Range> ranges) {
        return new Form(
                wordings.stream().map(Template::new).toList(),
                new Template(solution),
                ranges,
                Map.of(),
                Map.of(),
                null,
                false);
    }

    Form deriving(String letter, String expression) {
        Map<String, Template> more = new LinkedHashMap<>(derived);
        more.put(letter, new Template(expression));
        return new Form(wordings, solution, ranges, more, least, check, onlyHard);
    }

    Form least(int step, int value) {
        Map<Integer, Integer> more = new LinkedHashMap<>(least);
        more.put(step, value);
        return new Form(wordings, solution, ranges, derived, more, check, onlyHard);
    }

    Form checkedBy(String sides) {
        return new Form(wordings, solution, ranges, derived, least, new Template(sides), onlyHard);
    }

    Form onlyForHard() {
        return new Form(wordings, solution, ranges, derived, least, check, true);
    }

    boolean isFor(Difficulty difficulty) {
        return !onlyHard || difficulty == Difficulty.HARD;
    }

    /** A question of this form; empty where the numbers drawn do not make a good one. */
    Optional<Problem> make(Family family, Difficulty difficulty, Draw draw) {
        Map<String, String> values = new LinkedHashMap<>();
        int scale = onlyHard ? 1 : difficulty.scale();
        for (Map.Entry<String, Range> range : new java.util.TreeMap<>(ranges).entrySet()) {
            values.put(range.getKey(), Integer.toString(range.getValue().draw(scale, draw)));
        }
        values.put("v", draw.pick(Template.VARIABLES));
        values.put("o", draw.pick(Template.THINGS));
        int first = draw.below(Template.PEOPLE.size());
        values.put("N", Template.PEOPLE.get(first));
        values.put(
                "M",
                Template.PEOPLE.get((first + 1 + draw.below(Template.PEOPLE.size() - 1)) % Template.PEOPLE.size()));
        try {
            for (Map.Entry<String, Template> letter : derived.entrySet()) {
                long value = Expression.read(letter.getValue().fill(values)).value();
                if (value < 1 || value > difficulty.largest()) {
                    return Optional.empty();
                }
                values.put(letter.getKey(), Long.toString(value));
            }
            String question = draw.pick(wordings).fill(values, draw);
            return Optional.of(problem(family, new Letters(question, values)))
                    .filter(problem -> isGood(problem, family, difficulty));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The problem that this question asks; empty where it has another form. */
    Optional<Problem> read(Family family, String question) {
        for (Template wording : wordings) {
            Optional<Map<String, String>> values = wording.read(question);
            if (values.isPresent()) {
                Map<String, String> all = new LinkedHashMap<>(values.get());
                derived.forEach((letter, expression) -> all.computeIfAbsent(
                        letter,
                        _ -> Long.toString(Expression.read(expression.fill(all)).value())));
                return Optional.of(problem(family, new Letters(question, all)));
            }
        }
        return Optional.empty();
    }

    private Problem problem(Family family, Letters letters) {
        Expression expression = Expression.read(solution.fill(letters.values));
        String unknown = family == Family.EQUATION ? letters.values.get("v") : null;
        Substitution substitution = check == null ? null : new Substitution(check, letters.values);
        return new Problem(family, letters.question, unknown, expression, substitution);
    }

    private boolean isGood(Problem problem, Family family, Difficulty difficulty) {
        List<Step> steps = problem.expression().steps();
        for (int i = 0; i < steps.size(); i++) {
            long value = steps.get(i).value();
            if (value < least.getOrDefault(i, family.least()) || value > difficulty.largest()) {
                return false;
            }
        }
        return true;
    }
}
