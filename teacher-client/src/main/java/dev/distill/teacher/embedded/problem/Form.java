package dev.distill.teacher.embedded.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One form of question: how it is worded, which numbers it takes, which expression solves it and how the solution is checked.
 *
 * @param wordings what is asked, in several wordings
 * @param solution the expression that gives the answer
 * @param ranges the numbers that are drawn, by letter
 * @param derived numbers that follow from the others, by letter, in order; one that is drawn, or stands in the question, is kept
 * @param least the least value that a step, by its number from 0, may have where it is not the family's
 * @param check for equations: the sides with the solution put in, see {@link Substitution}; null checks the last step backwards
 * @param onlyHard whether the form belongs to the harder setting alone
 */
record Form(
        List<Template> wordings,
        Template solution,
        Map<String, Range> ranges,
        Map<String, Derived> derived,
        Map<Integer, Integer> least,
        @Nullable Template check,
        boolean onlyHard) {

    /** A number that follows from others, and the most that it may be. */
    record Derived(Template expression, long most) {}

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
        return deriving(letter, expression, Long.MAX_VALUE);
    }

    Form deriving(String letter, String expression, long most) {
        Map<String, Derived> more = new LinkedHashMap<>(derived);
        more.put(letter, new Derived(new Template(expression), most));
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
        Map<String, String> values = names(draw);
        for (Map.Entry<String, Range> range : new TreeMap<>(ranges).entrySet()) {
            values.put(range.getKey(), Long.toString(range.getValue().draw(difficulty, draw)));
        }
        try {
            if (!derive(values, difficulty.largest())) {
                return Optional.empty();
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
                derive(values.get(), Long.MAX_VALUE);
                return Optional.of(problem(family, new Letters(question, values.get())));
            }
        }
        return Optional.empty();
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

    /** Adds the numbers that follow from those that are there; returns whether all are within their bounds. */
    private boolean derive(Map<String, String> values, long largest) {
        for (Map.Entry<String, Derived> letter : derived.entrySet()) {
            if (!values.containsKey(letter.getKey())) {
                Derived rule = letter.getValue();
                long value = Expression.read(rule.expression.fill(values)).value();
                if (value < 1 || value > Math.min(rule.most, largest)) {
                    return false;
                }
                values.put(letter.getKey(), Long.toString(value));
            }
        }
        return true;
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
