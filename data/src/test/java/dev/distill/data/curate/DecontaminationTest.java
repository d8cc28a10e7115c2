package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecontaminationTest {
    private static final String SHIP =
            "A ship sails 120 miles north and then 50 miles east, and the captain wonders how"
                    + " far the ship is from the harbour where it started.";
    private static final String SOLUTION =
            "The path north and the path east meet in a right angle, so by the theorem of"
                    + " Pythagoras the distance is the root of 14400 plus 2500, which is the root of 16900, that is 130 miles.";
    private final Decontamination filter = new Decontamination(
            new HeldOutSet(
                    "ships",
                    List.of(
                            new HeldOutSet.Question(SHIP, SOLUTION),
                            new HeldOutSet.Question("Solve for x: 7x + 15 = 99", null),
                            new HeldOutSet.Question("What is 12 + 5?", null),
                            new HeldOutSet.Question("Name the largest ocean.", null),
                            new HeldOutSet.Question("Subtract 17 from 64, then divide by 25.", null),
                            new HeldOutSet.Question(
                                    "Tom has 12 apples and buys 5 more bags with 3 apples each. How many apples does"
                                            + " Tom have now?",
                                    null))),
            Decontamination.Settings.STANDARD);

    @ParameterizedTest
    @ValueSource(
            strings = {
                SHIP,
                "A SHIP sails 120 miles  north, and then 50 miles east; and the captain wonders how far?",
                "Please answer. " + SHIP + " Think step by step and give 2 digits.",
                "A ship sails 120 miles north then 50 miles east, and its captain wonders how far that ship is from the"
                        + " harbour where it began.",
                "Solve for x: 7x + 15 = 99",
                "Solve for $x$:  $7x+15=99$.",
                "Find x if 7x + 15 = 99.",
                "What is 12 + 5?",
                "what is 12+5",
                "Name the largest ocean!",
                "Tom has 12 apples and buys 5 more bags with 3 apples each. How many apples has Tom got now?",
                "Please help me with this one: Anna has 12 apples and gets 5 more bags with 3 apples each. How many apples"
                        + " does she have now? Answer in one word.",
                "Ben has twelve pears and buys five more bags with three pears each. How many pears does Ben have now?",
                "Work out 12 plus 5.",
                "Subtract 17 from 64 and divide by 25, please.",
            })
    void heldOutQuestionsAreFound(String question) {
        Verdict verdict = filter.check(Traces.question(question));
        assertThat(verdict.outcome()).as(verdict.reason()).isEqualTo(Outcome.FAIL);
        assertThat(verdict.by()).isEqualTo("contamination:ships");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Traces.QUESTION,
                "A ship sails 120 miles north and then 60 miles east, and the captain wonders how far the ship is from the"
                        + " harbour where it started.",
                "Solve for x: 7x + 15 = 98",
                "Solve for x: 17x + 15 = 99",
                "Solve for x: 7x - 15 = 99",
                "Solve for x: 7x + 15 = 99 - 2x",
                "What is 12 + 5 * 3?",
                "What is 12 + 6?",
                "Name the largest ocean animal that lives near the coast.",
                "Tom has 12 apples and buys 5 more bags with 4 apples each. How many apples does Tom have now?",
                "Subtract 17 from 64 and multiply by 25.",
                "Subtract 17 from 65 and divide by 25.",
                "Tom has 31 apples and buys 7 more bags with 3 apples each. How many apples does Tom have now?",
            })
    void otherQuestionsAreNot(String question) {
        Verdict verdict = filter.check(Traces.question(question));
        assertThat(verdict.outcome()).as(verdict.reason()).isEqualTo(Outcome.PASS);
    }

    @Test
    void questionsAndSolutionsInsideTheReplyAreFound() {
        assertThat(filter.check(Traces.reasoning("This is like an old one. " + SHIP + " There it is 130."))
                        .reason())
                .startsWith("the reply quotes: a ship sails");
        assertThat(filter.check(Traces.answer(SOLUTION)).reason()).startsWith("the reply follows the solution: ");
        assertThat(filter.check(Traces.reasoning("A ship sails 120 miles north and then 70 miles east, and the captain"
                                + " wonders how far the ship is from the harbour where it started."))
                        .outcome())
                .isEqualTo(Outcome.PASS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I know one like this: subtract 17 from 64, then divide by 25. But here it is 48 and its half.",
                "It reminds me of: Tom has 12 apples, buys 5 more bags with 3 apples each, how many apples does he have?",
                "So this is \"Solve for x: 7x + 15 = 99\" again, only with loaves.",
            })
    void shortQuestionsInsideTheReplyAreFound(String reasoning) {
        Verdict verdict = filter.check(Traces.reasoning(reasoning));
        assertThat(verdict.outcome()).as(verdict.reason()).isEqualTo(Outcome.FAIL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12 + 5 = 17, and 17 from 64 is 47. Then 25 more is 72.",
                "First 7x + 15 = 100, so 7x = 85. Tom has 12 of 25 apples, I think.",
                "12 apples in 5 bags, 3 each: 15 apples, and 12 more are 27.",
            })
    void theSameNumbersInWorkingProveNothing(String reasoning) {
        Verdict verdict = filter.check(Traces.reasoning(reasoning));
        assertThat(verdict.outcome()).as(verdict.reason()).isEqualTo(Outcome.PASS);
    }

    @Test
    void phrasesOfATemplateProveNothing() {
        List<String> questions = List.of(
                "There are 31 birds in the old tree behind the house and 12 fly away. How many birds are left there?",
                "There are 42 birds in the old tree behind the house and 19 fly away. How many birds are left there?",
                "There are 53 birds in the old tree behind the house and 14 fly away. How many birds are left there?");
        Decontamination templates =
                new Decontamination(HeldOutSet.ofQuestions("birds", questions), Decontamination.Settings.STANDARD);
        assertThat(templates
                        .check(Traces.question("There are many birds in the old tree behind the house. Why?"))
                        .outcome())
                .isEqualTo(Outcome.PASS);
        for (String question : questions) {
            assertThat(templates.check(Traces.question(question)).outcome()).isEqualTo(Outcome.FAIL);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            by question | a ship sails 120 miles north and then 50 miles east and the captain wonders how far
            by question | what is 12+5
            fuzzy | Ben has twelve pears and buys five more bags with three pears each. How many pears does Ben have now?
            fuzzy | Work out 12 plus 5.
            """)
    void whatWasFoundInAQuestionCanBeCountedByKind(String kind, String question) {
        Verdict verdict = filter.check(Traces.question(question));
        assertThat(Contamination.of(verdict).map(Contamination::words))
                .as(verdict.reason())
                .contains(kind);
    }

    @Test
    void whatWasFoundInAReplyCanBeCountedByKind() {
        assertThat(Contamination.of(filter.check(Traces.reasoning("An old one. " + SHIP))))
                .contains(Contamination.QUOTED);
        assertThat(Contamination.of(filter.check(Traces.answer(SOLUTION)))).contains(Contamination.SOLUTION);
        Verdict nearly = filter.check(
                Traces.reasoning(
                        "It reminds me of: Tom has 12 apples, buys 5 more bags with 3 apples each, how many apples does he have?"));
        assertThat(Contamination.of(nearly)).contains(Contamination.FUZZY);
        assertThat(nearly.reason())
                .startsWith("the reply quotes: tom has 12 apples")
                .endsWith(" (nearly)");
        assertThat(Contamination.of(filter.check(Traces.honest()))).isEmpty();
        assertThat(Contamination.of(Verdict.fail("language", "the question is: x")))
                .isEmpty();
    }

    @Test
    void aFilterThatHasTravelledFindsTheSame() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(filter);
        }
        assertThat(bytes.size()).as("no index in it").isLessThan(3_000);
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            Decontamination arrived = (Decontamination) in.readObject();
            assertThat(arrived.set()).isEqualTo(filter.set());
            for (Trace trace : List.of(Traces.honest(), Traces.question(SHIP), Traces.answer(SOLUTION))) {
                assertThat(arrived.check(trace)).isEqualTo(filter.check(trace));
            }
        }
    }

    /** What is looked for in all sets at once must not be found in the wrong one, nor be lost on the way to another process. */
    @Test
    void severalSetsAreToldApart() throws Exception {
        HeldOutSets sets = new HeldOutSets(
                List.of(
                        new HeldOutSet("ships", List.of(new HeldOutSet.Question(SHIP, null))),
                        HeldOutSet.ofQuestions(
                                "birds", List.of("Why do the herons of the delta sleep on one leg when it rains?")),
                        new HeldOutSet("ways", List.of(new HeldOutSet.Question("How far is it?", SOLUTION)))),
                Decontamination.Settings.STANDARD);
        for (List<Decontamination> filters : List.of(sets.filters(), sent(sets.filters()))) {
            assertThat(failing(filters, Traces.trace(SHIP, "Let me think.", "130", null)))
                    .containsExactly("contamination:ships");
            assertThat(failing(
                            filters,
                            Traces.trace(
                                    "Say why the herons of the delta sleep on one leg when it rains",
                                    "So.",
                                    "1",
                                    null)))
                    .containsExactly("contamination:birds");
            assertThat(failing(filters, Traces.trace("How far?", SOLUTION, "130", null)))
                    .containsExactly("contamination:ways");
        }
    }

    private static List<String> failing(List<Decontamination> filters, Trace trace) {
        TraceWords words = new TraceWords(trace);
        return filters.stream()
                .map(filter -> filter.check(trace, words))
                .filter(verdict -> verdict.outcome() == Outcome.FAIL)
                .map(Verdict::by)
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static <T> T sent(T thing) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(thing);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
