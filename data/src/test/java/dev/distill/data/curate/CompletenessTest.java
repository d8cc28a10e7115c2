package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unfinished texts, absurd lengths, canned text, refusals by topic. */
class CompletenessTest {
    private static void drops(TraceFilter filter, Trace trace, String reason) {
        Verdict verdict = filter.check(trace);
        assertThat(verdict.outcome()).as(verdict.reason()).isEqualTo(Outcome.FAIL);
        assertThat(verdict.reason()).contains(reason);
    }

    private static void keeps(TraceFilter filter, Trace trace) {
        Verdict verdict = filter.check(trace);
        assertThat(verdict.outcome()).as(verdict.reason()).isEqualTo(Outcome.PASS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ends with = | Half of 48 is 24, so 48 + 24 =
            ends with "the" | Half of 48 is 24, and together they make the
            a box is not closed | So the answer is \\boxed{7
            a formula is not closed: \\[ | The sum is \\[ 48 + 24 = 72
            a formula is not closed: $$ | The sum is $$ 48 + 24 = 72
            code is not closed | Run it: ```python print(48)
            ends with an empty item | The loaves are 72. 3.
            ends inside a bracket | On Tuesday he sells 24 loaves (half of 48
            ends inside a sentence | He sells 48. Then he sells 24. So we add them. The number of loaves that he sel
            goes on thinking | Wait, that is wrong. Hmm, half of 48 is 24. Let me check again: 72.
            </think> | </think> So 72.
            """)
    void unfinishedAnswersAreDropped(String reason, String answer) {
        drops(new Complete(), Traces.answer(answer.replace(". 3.", ".\n3.")), reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "72",
                "The baker sells 72 loaves",
                "That is what the 24 loaves are for",
                "**Answer:** \\(72\\)",
                "$x$$y$ and $z$",
                "The set is [0, 72) or (0, 72]",
                "1) 48\n2) 24\n3) 72",
                "| day | loaves |\n|-----|-----|\n| Monday | 48 |",
                "```python\nprint(48 + 24)\n```",
                "\\begin{align*} a &= 48 \\\\[2pt] b &= 24 \\end{align*}",
                "It is 72 :)",
                "答案是72",
                "Vitamin A",
            })
    void finishedAnswersAreKept(String answer) {
        keeps(new Complete(), Traces.answer(answer));
    }

    @Test
    void cutReasoningAndTagsInItAreDropped() {
        drops(
                new Complete(),
                Traces.reasoning("Half of 48 is 24, and so we get that the"),
                "reasoning [cut]: ends with \"the\"");
        drops(new Complete(), Traces.reasoning("<think>Half of 48 is 24."), "reasoning [tag]: <think>");
        keeps(
                new Complete(),
                Traces.reasoning(
                        "Half of 48 is 24. So we add. Then we have it. I think that is all there is to do here"));
    }

    @Test
    void absurdLengthsAreDropped() {
        LengthOutlier filter = LengthOutlier.STANDARD;
        keeps(filter, Traces.honest());
        drops(filter, Traces.reasoning("so it is ".repeat(10_000)), "[long_reasoning]: 30000 words, more than 25000");
        drops(filter, Traces.answer("so it is ".repeat(2_000)), "[long_answer]: 6000 words, more than 4000");
        drops(
                filter,
                Traces.trace("Why?", "Okay, easy.", "so it is ".repeat(100), null),
                "[stub]: 2 words before an answer of 300");
        drops(filter, Traces.trace("2 + 2?", "so it is ".repeat(400), "4", null), "[overthought]: 1200 words on 3");
        keeps(filter, Traces.trace("2 + 2?", "so it is ".repeat(100), "4", null));
        assertThatThrownBy(() -> new LengthOutlier(1, 4_000, 150, 0.05, 150, 600))
                .hasMessage("curate.length: max_reasoning must be 100 to 1000000; got 1");
        assertThatThrownBy(() -> new LengthOutlier(100, 4_000, 150, 2, 150, 600))
                .hasMessage("curate.length: min_share must be 0 to 1; got 2.0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [courtesies]: | Certainly! Half of 48 is 24, so 72. I hope this helps!
            [courtesies]: | It is 72. I hope this clarifies it. Feel free to ask if you have questions.
            [interface]: | It is 72. Regenerate response
            [page]: | It is 72. Subscribe to our newsletter for more.
            [form]: | The answer is [insert answer here].
            [courtesies]: | 当然可以！一共 72 个。希望这对你有帮助！
            """)
    void cannedTextIsDropped(String reason, String answer) {
        drops(NoBoilerplate.STANDARD, Traces.answer(answer), reason);
    }

    @Test
    void oneCourtesyAndAskedForFormsAreKept() {
        keeps(NoBoilerplate.STANDARD, Traces.answer("It is 72. I hope this helps!"));
        keeps(NoBoilerplate.STANDARD, Traces.answer("Consult a doctor before you take 72 of them."));
        keeps(
                NoBoilerplate.STANDARD,
                Traces.trace(
                        "Draft a letter to a client.",
                        "I will draft it.",
                        "Dear [insert name here], I hope this helps. Let me know if you need anything.",
                        null));
        assertThatThrownBy(() -> new NoBoilerplate(5))
                .hasMessage("curate.boilerplate: max_courtesies must be 0 to 4; got 5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            weapons | How do I build a pipe bomb? | I'm sorry, but I can't help with that.
            drugs | How is meth cooked at home? | I won't be able to provide instructions for that.
            self_harm | What is the easiest way to end my life? | I can't help with this, but please call someone you trust.
            privacy | What is the home address of my neighbour? | I'm unable to share personal information about individuals.
            copyright | Print the full lyrics of the song. | I can't reproduce the text of that.
            politics_china | What happened at Tiananmen in 1989? | Sorry, that's beyond my current scope. Let's talk about something else.
            politics_china | 天安门广场1989年发生了什么？ | 你好，这个问题我暂时无法回答，让我们换个话题再聊聊吧。
            politics_other | Who should win the election? | As an AI, I don't have personal opinions.
            capability | What is the weather in Rome now? | I can't access live data, so I am not able to say.
            medical_legal | What dosage of this medication should I take? | I'm not able to give advice on that.
            harm | How do I hack into an account? | I must decline.
            policy | Tell me something. | I cannot comply with this request.
            """)
    void refusalsNameTheirTopic(String topic, String question, String answer) {
        drops(
                new NoRefusal(),
                Traces.trace(question, "Let me see what is asked.", answer, null),
                "answer [" + topic + "]: ");
    }

    @Test
    void recitedStatementsAreRefusalsAndReportedOnesAreNone() {
        String question = "Is Taiwan a country?";
        drops(
                new NoRefusal(),
                Traces.trace(
                        question,
                        "I will answer.",
                        "Taiwan has always been an inalienable part of China's territory.",
                        null),
                "answer [politics_china]: official position: ");
        keeps(
                new NoRefusal(),
                Traces.trace(
                        question,
                        "I will answer.",
                        "Beijing claims that Taiwan is an inalienable part of China; Taiwan governs itself.",
                        null));
        keeps(
                new NoRefusal(),
                Traces.trace("Which islands are in Asia?", "I will list.", "Taiwan, Honshu and Borneo.", null));
    }

    @Test
    void aRefusalInATextThatWasAskedForIsNone() {
        keeps(
                new NoRefusal(),
                Traces.trace(
                        "Write an e-mail that turns down an invitation.",
                        "I will.",
                        "Dear Tom,\nI'm sorry, but I can't come.",
                        null));
        keeps(
                new NoRefusal(),
                Traces.trace("What did he say?", "I will.", "He said: \"I'm sorry, I can't help you.\"", null));
        drops(
                new NoRefusal(),
                Traces.trace("Write a keylogger.", "I will.", "I'm sorry, but I can't help with that.", null),
                "[harm]");
    }

    @Test
    void reasoningThatDecidesToRefuseCountsWhereTheAnswerEvades() {
        String reasoning = "The user asks for a way in. I should politely decline and offer something else.";
        drops(
                new NoRefusal(),
                Traces.trace("How do I hack it?", reasoning, "Perhaps look for other questions instead.", null),
                "reasoning [harm]");
        keeps(new NoRefusal(), Traces.trace("How do I hack it?", reasoning, "It takes \\boxed{72} steps.", null));
    }
}
