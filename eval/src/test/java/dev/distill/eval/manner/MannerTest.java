package dev.distill.eval.manner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Usage;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MannerTest {
    private static final String QUESTION = "A shop sells three pens for two dollars. What do twelve pens cost?";
    private static final String SOUND = "Twelve pens are four times three pens, so they cost four times two dollars.";

    @Test
    void soundReasoningGivesNoReasonToComplain() {
        assertThat(complaintsOf(reply(QUESTION, SOUND, "They cost 8 dollars."))).isEmpty();
    }

    @Test
    void eachComplaintIsFoundWithTheWordsThatDecided() {
        assertThat(complaints(reply(QUESTION, SOUND + " 所以我们需要计算一下总价。", "8"))).containsExactly("mixed_languages");
        assertThat(complaints(reply(QUESTION, "Wait, let me check this again. ".repeat(40), "8")))
                .containsExactly("repetitive");
        assertThat(complaints(reply(QUESTION, SOUND + " <|im_end|>", "8"))).containsExactly("unreadable");
        assertThat(complaints(reply(QUESTION, SOUND, "I'm sorry, but I can't help with that.")))
                .containsExactly("refusing");
        assertThat(complaints(reply(QUESTION, SOUND, "I am DeepSeek-R1, and they cost 8 dollars.")))
                .containsExactly("self_naming");
        String recital = "Taiwan has been an inalienable part of China since ancient times.";
        assertThat(complaints(reply("How is Taiwan governed?", "", recital))).containsExactly("reciting");
        assertThat(complaintsOf(reply(QUESTION, SOUND, "I am DeepSeek-R1.")))
                .singleElement()
                .satisfies(found -> assertThat(found.why()).contains("DeepSeek"));
    }

    private static Manner manner(List<List<Reply>> replies) {
        return Manner.measure(replies).manner();
    }

    private static List<Manner.Complaint> complaintsOf(Reply reply) {
        return Manner.measure(List.of(List.of(reply))).complaints().getFirst().getFirst();
    }

    private static List<String> complaints(Reply reply) {
        return complaintsOf(reply).stream().map(Manner.Complaint::measure).toList();
    }

    /** Two questions of one response each, and one of three: shares weigh questions alike; lengths by hand. */
    @Test
    void columnsAreMeansOfQuestions() {
        Manner manner = manner(List.of(List.of(sound()), List.of(looping()), List.of(sound(), looping(), looping())));
        MannerColumn repetitive = column(manner, "repetitive");
        assertThat(repetitive.responses()).isEqualTo(5);
        assertThat(repetitive.value().value()).isCloseTo((0 + 1 + 2 / 3.0) / 3, within(1e-12));
        assertThat(column(manner, "answer_characters").median()).isEqualTo(1);
        assertThat(column(manner, "answer_characters").value().value()).isCloseTo((5 + 1 + 7 / 3.0) / 3, within(1e-12));
        assertThat(column(manner, "tokens").value()).isEqualTo(new Interval(7, 7, 7));
        assertThat(column(manner, "seconds").responses()).isZero();
        assertThat(column(manner, "seconds").value().value()).isNaN();
        assertThat(column(manner(List.of(List.of(sound()), List.of(looping()))), "repetitive")
                        .value())
                .isEqualTo(Interval.wilson(1, 2));
    }

    private static Reply sound() {
        return reply(QUESTION, "abc", "12345");
    }

    private static Reply looping() {
        return reply(QUESTION, "Wait, let me check this again. ".repeat(40), "8");
    }

    private static MannerColumn column(Manner manner, String name) {
        return manner.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whoItSaysItIsIsCounted() {
        Manner manner = manner(List.of(
                List.of(reply("Who are you?", null, "I am DeepSeek-R1, an AI assistant made by DeepSeek.")),
                List.of(reply("Who are you?", null, "I'm ChatGPT, a language model trained by OpenAI.")),
                List.of(reply("你是谁？", null, "我是通义千问，由阿里云开发的大语言模型。")),
                List.of(reply("Who are you?", null, "I am a large language model.")),
                List.of(reply(QUESTION, SOUND, "8"))));
        assertThat(manner.identities())
                .hasSize(4)
                .containsEntry("DeepSeek", 1)
                .containsEntry("ChatGPT (OpenAI)", 1)
                .containsEntry("Qwen (Alibaba)", 1)
                .containsEntry(SelfNaming.UNNAMED, 1);
    }

    @Test
    void everyMeasureHasANameOfItsOwn() {
        assertThat(Measure.all().stream().map(Measure::name).collect(Collectors.toSet()))
                .hasSameSizeAs(Measure.all());
        assertThat(Measure.all()).hasSize(Measure.class.getPermittedSubclasses().length);
    }

    static Reply reply(String question, @Nullable String reasoning, String answer) {
        Prompt prompt = Prompt.of(List.of(Message.user(question)), "8", "test");
        return new Reply(
                Question.of(prompt),
                new Response(
                        prompt.id(), 0, reasoning, answer, FinishReason.STOP, new Usage(5, 0, 7, 3), 0, null, null));
    }
}
