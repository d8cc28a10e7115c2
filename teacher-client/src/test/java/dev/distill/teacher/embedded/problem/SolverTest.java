package dev.distill.teacher.embedded.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.data.trace.Prompt;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SolverTest {
    private static final Pattern EQUATION_ASKED = Pattern.compile("[0-9a-z()+-]+=[0-9a-z()+-]+");
    private static final Pattern EXPRESSION_ASKED = Pattern.compile("[0-9(][0-9()+*/-]+[0-9)]");
    private static final Pattern COLUMN =
            Pattern.compile("([0-9]+)([-+*/])([0-9])(?:([-+])([0-9]))?=([0-9]+)(?:r([0-9]))?");
    private static final Pattern LINE =
            Pattern.compile("[A-Z][a-z]+ ([0-9]+[-+*/][0-9]+):([^ ]+) (?:so|thus|giving) ([0-9]+)\\.");
    private static final int PROBLEMS = 6_000;

    @ParameterizedTest
    @EnumSource(Difficulty.class)
    void everyHonestReplyIsRight(Difficulty difficulty) {
        for (Prompt prompt : new Problems(11, difficulty).training(PROBLEMS)) {
            Problem problem = Problem.read(prompt.question()).orElseThrow();
            Solution solution = Solver.solve(problem, Draw.of(3, prompt.id()));

            assertThat(solution.answer()).as(prompt.question()).contains("\\boxed{" + prompt.reference() + "}");
            assertThat(solution.slip()).isEmpty();
        }
    }

    /** The references themselves, by another evaluator and by putting them into the equations. */
    @ParameterizedTest
    @EnumSource(Difficulty.class)
    void referencesSolveTheQuestions(Difficulty difficulty) {
        int checked = 0;
        for (Prompt prompt : new Problems(12, difficulty).training(PROBLEMS)) {
            double answer = Double.parseDouble(String.valueOf(prompt.reference()));
            Matcher equation = EQUATION_ASKED.matcher(prompt.question());
            Matcher expression = EXPRESSION_ASKED.matcher(prompt.question());
            if (equation.find()) {
                String[] sides = equation.group().split("=");
                assertThat(put(sides[0], answer)).as(prompt.question()).isCloseTo(put(sides[1], answer), within(1e-9));
                checked++;
            } else if (expression.find() && expression.group().matches(".*[-+*/].*")) {
                assertThat(Arithmetic.value(expression.group()))
                        .as(prompt.question())
                        .isEqualTo(answer);
                checked++;
            }
        }
        assertThat(checked).isEqualTo(PROBLEMS / 3 * 2);
    }

    @ParameterizedTest
    @EnumSource(Difficulty.class)
    void everyLineOfTheWorkingIsTrue(Difficulty difficulty) {
        for (Prompt prompt : new Problems(13, difficulty).training(PROBLEMS / 3)) {
            Problem problem = Problem.read(prompt.question()).orElseThrow();
            String[] lines =
                    Solver.solve(problem, Draw.of(5, prompt.id())).reasoning().split("\n");
            String rest = problem.plan();
            assertThat(lines[0]).contains(" " + rest + " ");
            for (int i = 1; i < lines.length - 1; i++) {
                Matcher line = LINE.matcher(lines[i]);
                assertThat(line.matches()).as(lines[i]).isTrue();
                String step = line.group(1);
                assertThat(Arithmetic.value(step)).as(lines[i]).isEqualTo(Double.parseDouble(line.group(3)));
                assertColumnsAreTrue(line.group(2));
                assertThat(rest).contains(step);
                rest = rest.replace("(" + step + ")", step).replace(step, line.group(3));
            }
            assertThat(rest).isEqualTo(prompt.reference());
            assertChainIsTrue(lines[lines.length - 1]);
        }
    }

    @Test
    void aSlipLeadsToAnotherAnswerOfTheSameShape() {
        Set<String> kinds = new HashSet<>();
        for (Prompt prompt : new Problems(14, Difficulty.STANDARD).training(2_000)) {
            Problem problem = Problem.read(prompt.question()).orElseThrow();
            Solution wrong = Solver.solveWrongly(problem, Draw.of(1, prompt.id()), Draw.of(2, prompt.id()));

            assertThat(wrong.value()).as(prompt.question()).isNotEqualTo(problem.answer());
            assertThat(wrong.answer()).contains("\\boxed{" + wrong.value() + "}");
            kinds.add(wrong.slip().replaceFirst("_in_step.*", ""));
        }
        assertThat(kinds).containsExactlyInAnyOrder("digit", "carry", "reading", "operation", "answer");
    }

    @Test
    void readsOnlyWhatItCanWorkOut() {
        List<String> unreadable = List.of(
                "What is the capital of France?",
                "Compute 7/0.",
                "Compute 97*13.",
                "Compute 3-4.",
                "Compute 10/4.",
                "Compute (3+4.",
                "Compute 99999999999+1.",
                "Compute 12.",
                "Solve for x: 2x+3=8.",
                "Solve for x: 2x+3=4y.",
                "Anna has 3 apples.",
                "Compute " + "(".repeat(60) + "1" + ")".repeat(60) + ".",
                "");

        assertThat(unreadable)
                .allSatisfy(question ->
                        assertThat(Problem.read(question)).as(question).isEmpty());
        assertThat(Problem.read("Compute 7+(85-4)*3.").orElseThrow().answer()).isEqualTo(250);
    }

    /** Columns one by one: with carry and borrow as they are written, a remainder after r. */
    private static void assertColumnsAreTrue(String columns) {
        for (String text : columns.split(",")) {
            Matcher column = COLUMN.matcher(text);
            assertThat(column.matches()).as(columns).isTrue();
            double value = Arithmetic.value(text.substring(0, text.indexOf('=')));
            if (column.group(7) != null) {
                int divisor = Integer.parseInt(column.group(3));
                double back = Double.parseDouble(column.group(6)) * divisor + Double.parseDouble(column.group(7));
                assertThat(back / divisor).as(columns).isEqualTo(value);
            } else {
                assertThat(Double.parseDouble(column.group(6))).as(columns).isEqualTo(value);
            }
        }
    }

    private static void assertChainIsTrue(String check) {
        String[] sides = check.replaceAll("^[A-Za-z ]+[:,] |, [a-z ]+\\.$", "").split("=");
        assertThat(sides.length).as(check).isGreaterThan(1);
        for (String side : sides) {
            assertThat(Arithmetic.value(side)).as(check).isEqualTo(Arithmetic.value(sides[0]));
        }
    }

    private static double put(String side, double solution) {
        String number = "(" + (long) solution + ")";
        return Arithmetic.value(side.replaceAll("(?<=[0-9])(?=[a-z(])", "*").replaceAll("[a-z]", number));
    }
}
