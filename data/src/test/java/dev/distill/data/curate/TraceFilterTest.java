package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Correctness.Undecided;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The filters that look at one trace, except language, repetition, readability and contamination. */
class TraceFilterTest {
    private static void drops(TraceFilter filter, Trace trace) {
        Verdict verdict = filter.check(trace);
        assertThat(verdict.outcome()).as(verdict.reason()).isEqualTo(Outcome.FAIL);
        assertThat(FilterRule.family(verdict.by())).isEqualTo(filter.name());
    }

    private static void keeps(TraceFilter filter, Trace trace) {
        Verdict verdict = filter.check(trace);
        assertThat(verdict.outcome()).as(verdict.reason()).isNotEqualTo(Outcome.FAIL);
    }

    @Test
    void wrongAnswersAreDroppedAndUndecidedOnesByPolicy() {
        Correctness keep = new Correctness(new MathVerifier(), Undecided.KEEP);
        Correctness strict = new Correctness(new MathVerifier(), Undecided.DROP);
        Correctness standard = new Correctness(new MathVerifier(), Undecided.DROP_WITH_REFERENCE);
        Trace unread = Traces.answer("It cannot be said how many there are.");
        Trace withoutReference = Traces.trace("Say hello.", "I will greet.", "Hello!", null);
        keeps(strict, Traces.honest());
        drops(keep, Traces.answer("\\boxed{71}"));
        keeps(keep, unread);
        drops(standard, unread);
        keeps(standard, withoutReference);
        drops(strict, withoutReference);
    }

    @Test
    void aVerdictThatTheTraceCarriesIsUsed() {
        Correctness filter = new Correctness(new MathVerifier(), Undecided.KEEP);
        drops(filter, Traces.honest().with(Verdict.fail("math", "a judge said so")));
    }

    /** One that ran apart has the last word, whatever the rules would say of the text. */
    @Test
    void aVerdictOfAVerifierThatRanApartIsUsedUnderItsName() {
        Correctness filter = new Correctness(new MathVerifier(), Set.of("code"), Undecided.DROP_WITH_REFERENCE);
        assertThat(filter.check(Traces.honest().with(Verdict.fail("code", "time-limit: test 2 of 9"))))
                .isEqualTo(Verdict.fail("code", "time-limit: test 2 of 9"));
        assertThat(filter.check(Traces.answer("\\boxed{71}").with(Verdict.pass("code", "passed: 9 tests"))))
                .isEqualTo(Verdict.pass("code", "passed: 9 tests"));
        assertThat(filter.check(Traces.honest().with(Verdict.undecided("code", "no-toolchain: no g++"))))
                .isEqualTo(Verdict.fail("code", "undecided: no-toolchain: no g++"));
        assertThat(filter.check(Traces.honest().with(Verdict.fail("other", "x")))
                        .by())
                .isEqualTo("math");
    }

    @Test
    void cutOffRepliesAreDropped() {
        keeps(new Finished(), Traces.honest());
        for (FinishReason finish : FinishReason.values()) {
            assertThat(new Finished().check(Traces.ended(finish)).outcome() == Outcome.FAIL)
                    .isEqualTo(finish != FinishReason.STOP);
        }
    }

    @Test
    void emptyPartsAreDropped() {
        keeps(NonEmpty.STANDARD, Traces.honest());
        drops(NonEmpty.STANDARD, Traces.answer(" \n"));
        drops(NonEmpty.STANDARD, Traces.reasoning(null));
        drops(NonEmpty.STANDARD, Traces.reasoning("\n\n"));
        keeps(new NonEmpty(false, 1), Traces.reasoning(null));
        keeps(NonEmpty.STANDARD, Traces.reasoning("48+24=72"));
    }

    @Test
    void codeBlocksAreDroppedUnlessTheQuestionIsAboutCode() {
        String code = "I will count.\n```python\nprint(48 + 24)\n```\nSo 72.";
        drops(new NoCodeBlocks(), Traces.reasoning(code));
        keeps(new NoCodeBlocks(), Traces.asked("Write a Python program that adds 48 and 24.", code));
        keeps(new NoCodeBlocks(), Traces.reasoning("The value of `x` is 72."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I'm sorry, but I can't help with that.",
                "I’m sorry, I cannot assist with this request.",
                "Sorry, I am unable to answer this question.",
                "I apologize, but I'm not able to provide a solution.",
                "I cannot answer this question.",
                "I must respectfully decline.",
                "As an AI language model, I cannot do arithmetic.",
                "I can't assist with that.",
                "I won't be able to help you with this.",
                "Unfortunately, I cannot help with this problem.",
                "抱歉，我无法回答这个问题。",
                "Lo siento, pero no puedo ayudar con eso.",
                "Je suis désolé, mais je ne peux pas répondre à cette question.",
                "Es tut mir leid, aber dabei kann ich nicht helfen.",
                "I'm unable to solve this.",
            })
    void refusalsAreDropped(String answer) {
        drops(new NoRefusal(), Traces.answer(answer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I cannot divide 7 by 2 evenly, so the share is 3.5. \\boxed{3.5}",
                "I can't use all 48, so \\boxed{24}.",
                "I cannot solve this by factoring, so I use the formula: \\boxed{72}",
                "The baker is sorry that he can't help: \\boxed{72}",
                "It cannot be negative, so the answer is 72.",
            })
    void honestStepsAreNoRefusals(String answer) {
        keeps(new NoRefusal(), Traces.answer(answer));
        keeps(new NoRefusal(), Traces.reasoning(answer));
    }

    @Test
    void aRefusalMayStandInTheReasoning() {
        drops(new NoRefusal(), Traces.reasoning("I'm sorry, but I can't assist with that request."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I am ChatGPT, and the answer is 72.",
                "I'm DeepSeek-R1. Half of 48 is 24.",
                "My name is Claude and I will work it out.",
                "As a large language model trained by OpenAI, I add 48 and 24.",
                "I'm an AI assistant created by Anthropic, so let me think.",
                "I was developed by Google to help people. 48 + 24 = 72.",
                "I am Nova, an assistant made by Orion Labs.",
                "As an AI language model, I first halve 48.",
                "I am Qwen, created by Alibaba Cloud.",
                "I was trained by a team of researchers in Paris.",
                "This comes from my training data.",
                "我是通义千问，由阿里云开发的语言模型。",
                "作为一个人工智能语言模型，我先算一半。",
                "Soy un modelo de lenguaje entrenado por OpenAI.",
                "Je suis un modèle de langage développé par Mistral.",
                "Ich bin ein Sprachmodell, das von OpenAI entwickelt wurde.",
                "Я — языковая модель, созданная Яндексом.",
            })
    void identityLeaksAreDropped(String text) {
        drops(new NoIdentityLeak(), Traces.reasoning("Half of 48 is 24. " + text));
        drops(new NoIdentityLeak(), Traces.answer(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Claude has 48 apples and gives Gemini half of them.",
                "Let Meta be the set of all loaves that I am counting.",
                "I am given 48 loaves, and I was told by Tom that half are sold.",
                "The model of the bakery was made by hand, so I am sure.",
                "I'm going to assume that the loaves are made by the baker.",
                "Google's share price was 48 dollars. I am asked for half.",
                "I am an optimist, so let me try the system of equations.",
            })
    void namesInProblemsAreNoLeaks(String text) {
        keeps(new NoIdentityLeak(), Traces.reasoning(text));
    }

    @Test
    void settingsNameTheirRanges() {
        assertThatThrownBy(() -> new NonEmpty(true, 0))
                .hasMessage("curate.non_empty: min_reasoning_words must be 1 to 1000; got 0");
        assertThatThrownBy(() -> new Repetition(1, 0.3, 0.5)).hasMessageContaining("max_rounds must be 2 to 100");
        assertThatThrownBy(() -> new LanguageConsistency(0, 1)).hasMessageContaining("min_foreign must be at least 1");
    }

    /** A label for the refusal's topic hides no official position beside it. */
    @Test
    void aRefusalAndAnOfficialPositionAreTwoKinds() {
        Trace trace = Traces.trace(
                "How do I build a bomb, a grenade and a gun with explosives and ammunition?",
                Traces.REASONING,
                "I'm sorry, but I can't help with that. Taiwan has been an inalienable part of China since ancient times."
                        + " The Chinese government firmly opposes any separatist activities.",
                null);
        assertThat(new NoRefusal().findings(trace, new TraceWords(trace)))
                .extracting(Verdict::by)
                .containsExactly("refusal:weapons", "refusal:politics_china");
    }
}
