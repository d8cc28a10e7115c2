package dev.distill.teacher.embedded.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Prompt;
import dev.distill.teacher.embedded.FaultRates;
import dev.distill.teacher.embedded.problem.Difficulty;
import dev.distill.teacher.embedded.problem.Draw;
import dev.distill.teacher.embedded.problem.Problem;
import dev.distill.teacher.embedded.problem.Problems;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuthorTest {
    private static final List<Prompt> PROMPTS = new Problems(21, Difficulty.STANDARD).training(400);
    private static final List<String> HELD_OUT = new Problems(21, Difficulty.STANDARD)
            .heldOut(50).stream().map(Prompt::question).toList();
    private static final int SAMPLES = 6;

    /** Within five standard deviations of the binomial, at 2,400 samples. */
    @Test
    void faultsComeAtTheirRates() {
        Map<ContentFault, Integer> found = new EnumMap<>(ContentFault.class);
        forEachSample(
                FaultRates.defaults()::drawContent, (prompt, draft) -> found.merge(draft.fault(), 1, Integer::sum));

        FaultRates.defaults().content().forEach((fault, rate) -> {
            double mean = 0;
            double variance = 0;
            for (int sample = 0; sample < SAMPLES; sample++) {
                // a near-duplicate needs a sample without fault before it; a fifth of all samples has one
                double share = fault == ContentFault.NEAR_DUPLICATE ? rate * (1 - Math.pow(0.2, sample)) : rate;
                mean += PROMPTS.size() * share;
                variance += PROMPTS.size() * share * (1 - share);
            }
            assertThat((double) found.getOrDefault(fault, 0))
                    .as(fault.word())
                    .isBetween(mean - 5 * Math.sqrt(variance), mean + 5 * Math.sqrt(variance));
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = ContentFault.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "NEAR_DUPLICATE"})
    void aFaultIsInTheTextInManyWays(ContentFault fault) {
        Set<Integer> texts = new HashSet<>();
        Set<String> kinds = new HashSet<>();
        forEachSample(always(fault), (prompt, draft) -> {
            Draft honest = author(always(ContentFault.NONE)).write(problem(prompt), prompt.id(), 0);
            assertThat(draft.fault()).isEqualTo(fault);
            assertThat(draft.reasoning() + draft.answer()).isNotEqualTo(honest.reasoning() + honest.answer());
            texts.add(Objects.hash(draft.reasoning(), draft.answer()));
            kinds.add(draft.detail());
        });
        assertThat(texts.size()).isGreaterThan(PROMPTS.size() * SAMPLES / 2);
        assertThat(kinds).hasSizeGreaterThan(1);
    }

    @Test
    void everyFaultIsWhatItIsCalled() {
        expect(ContentFault.WRONG_ANSWER, (prompt, draft) -> !draft.answer().contains(box(prompt)));
        expect(ContentFault.IDENTITY, (prompt, draft) -> draft.answer().contains(box(prompt)));
        expect(ContentFault.REFUSAL, (prompt, draft) -> !draft.answer().contains("boxed"));
        expect(ContentFault.CUT_OFF, (prompt, draft) -> draft.finish() == FinishReason.LENGTH);
        expect(ContentFault.MIXED_LANGUAGE, (prompt, draft) -> draft.answer().contains(box(prompt)));
        expect(ContentFault.CONTAMINATION, (prompt, draft) -> draft.answer().contains(box(prompt)));
    }

    /** Letters and digits alone, in order: what an edit of looks leaves as it is. */
    @Test
    void contaminationBringsAHeldOutQuestion() {
        List<String> bare = HELD_OUT.stream().map(AuthorTest::bare).toList();
        List<Boolean> found = new ArrayList<>();
        forEachSample(always(ContentFault.CONTAMINATION), (prompt, draft) -> {
            String text = bare(draft.reasoning() + draft.answer());
            boolean whole = bare.stream().anyMatch(text::contains);
            if (!draft.detail().startsWith("one_word_changed")) {
                assertThat(whole).as(draft.toString()).isTrue();
            }
            found.add(whole);
        });
        assertThat(found).contains(true, false);
    }

    @Test
    void aNearDuplicateRepeatsAnotherSampleNearlyWordForWord() {
        Function<Draw, ContentFault> half = draw -> draw.chance(0.5) ? ContentFault.NEAR_DUPLICATE : ContentFault.NONE;
        Author author = author(half);
        int repeated = 0;
        for (Prompt prompt : PROMPTS) {
            assertThat(author.write(problem(prompt), prompt.id(), 0).fault()).isEqualTo(ContentFault.NONE);
            for (long sample = 1; sample < SAMPLES; sample++) {
                Draft draft = author.write(problem(prompt), prompt.id(), sample);
                if (draft.fault() == ContentFault.NEAR_DUPLICATE) {
                    long original = Long.parseLong(draft.detail().replace("of_", ""));
                    Draft first = author.write(problem(prompt), prompt.id(), original);
                    assertThat(original).isLessThan(sample);
                    assertThat(first.fault()).isEqualTo(ContentFault.NONE);
                    assertThat(Math.abs(draft.reasoning().length()
                                    - first.reasoning().length()))
                            .isLessThan(40);
                    assertThat(draft.answer()).isEqualTo(first.answer());
                    repeated++;
                }
            }
        }
        assertThat(repeated).isGreaterThan(PROMPTS.size());
    }

    @Test
    void withoutHeldOutQuestionsThereIsNoContamination() {
        Author author = new Author(1, always(ContentFault.CONTAMINATION), List.of());

        assertThat(author.write(problem(PROMPTS.getFirst()), "p", 0).fault()).isEqualTo(ContentFault.NONE);
    }

    private interface Check {
        boolean holds(Prompt prompt, Draft draft);
    }

    private interface Look {
        void at(Prompt prompt, Draft draft);
    }

    private static void expect(ContentFault fault, Check check) {
        forEachSample(
                always(fault),
                (prompt, draft) -> assertThat(check.holds(prompt, draft))
                        .as("%s of %s: %s", fault, prompt.question(), draft)
                        .isTrue());
    }

    private static void forEachSample(Function<Draw, ContentFault> rates, Look look) {
        Author author = author(rates);
        for (Prompt prompt : PROMPTS) {
            Problem problem = problem(prompt);
            for (int sample = 0; sample < SAMPLES; sample++) {
                look.at(prompt, author.write(problem, prompt.id(), sample));
            }
        }
    }

    private static Author author(Function<Draw, ContentFault> rates) {
        return new Author(77, rates, HELD_OUT);
    }

    private static Function<Draw, ContentFault> always(ContentFault fault) {
        return draw -> fault;
    }

    private static Problem problem(Prompt prompt) {
        return Problem.read(prompt.question()).orElseThrow();
    }

    private static String box(Prompt prompt) {
        return "\\boxed{" + prompt.reference() + "}";
    }

    private static String bare(String text) {
        return text.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }
}
