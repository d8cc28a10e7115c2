package dev.distill.data.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.pack.Sample;
import dev.distill.data.template.RenderException.Reason;
import dev.distill.data.tokenize.AddedToken;
import dev.distill.data.tokenize.BpeTrainer;
import dev.distill.data.tokenize.HfTokenizer;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleRendererTest {
    private static final String TURNS =
            "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n" + "{% endfor %}";
    private static final String OPEN = "{% if add_generation_prompt %}<|im_start|>assistant\n";
    private static final String PLAIN = TURNS + OPEN + "{% endif %}";
    private static final String PREFILLED = TURNS + OPEN + "<think>\n{% endif %}";
    private static final String SWITCHED =
            TURNS + OPEN + "{% if enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}{% endif %}";
    private static final Trace TRACE = Traces.of(" add them\n", "\n46\n", Message.user("12+34?"));

    @TempDir
    Path folder;

    private HfTokenizer tokenizer;

    @BeforeEach
    void open() throws IOException {
        List<AddedToken> added = List.of(
                AddedToken.special("<|im_start|>"),
                AddedToken.special("<|im_end|>"),
                AddedToken.plain("<think>"),
                AddedToken.plain("</think>"));
        BpeTrainer.train(List.of(" a a a\n\na\n\nb"), 262, added).write(folder, "<|im_end|>", "<|im_end|>", null);
        tokenizer = HfTokenizer.open(folder);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    private SampleRenderer renderer(String template) {
        return new SampleRenderer(ChatTemplate.of(template, Map.of()), tokenizer, ThinkMarkers.THINK);
    }

    @Test
    void writesTheReasoningWhereTheTemplateKnowsNone() {
        RenderedSample sample = renderer(PLAIN).render(TRACE);
        assertThat(sample.prompt()).isEqualTo("<|im_start|>user\n12+34?<|im_end|>\n<|im_start|>assistant\n");
        assertThat(sample.completion()).isEqualTo("<think>\nadd them\n</think>\n\n46<|im_end|>");
        int[] ids = sample.sample().ids();
        int prompt = tokenizer.encode(sample.prompt()).length;
        assertThat(sample.sample().trained()).containsExactly(new Sample.Span(prompt, ids.length));
        int[] trained = Arrays.copyOfRange(ids, prompt, ids.length);
        assertThat(tokenizer.decode(trained, false)).isEqualTo(sample.completion());
        assertThat(trained[trained.length - 1])
                .isEqualTo(tokenizer.id("<|im_end|>").orElseThrow());
    }

    @Test
    void writesAPrefilledMarkerOnce() {
        RenderedSample sample = renderer(PREFILLED).render(TRACE);
        assertThat(sample.prompt()).endsWith("assistant\n<think>\n");
        assertThat(sample.completion()).isEqualTo("add them\n</think>\n\n46<|im_end|>");
        RenderedSample bare = renderer(TURNS + OPEN + "<think>{% endif %}").render(TRACE);
        assertThat(bare.completion()).isEqualTo("\nadd them\n</think>\n\n46<|im_end|>");
        RenderedSample spaced =
                renderer(TURNS + OPEN + "<think>\n\n{% endif %}").render(TRACE);
        assertThat(spaced.completion()).isEqualTo("add them\n</think>\n\n46<|im_end|>");
        assertThat(renderer(PREFILLED).start(sample.prompt())).isEqualTo(ReasoningSplitter.Start.IN_PROMPT);
    }

    @Test
    void theTwinLearnsTheAnswerAlone() {
        assertThat(renderer(PLAIN).withoutReasoning(TRACE).completion()).isEqualTo("46<|im_end|>");
        RenderedSample switched = renderer(SWITCHED).withoutReasoning(TRACE);
        assertThat(switched.prompt()).endsWith("<think>\n\n</think>\n\n");
        assertThat(switched.completion()).isEqualTo("46<|im_end|>");
        assertThat(renderer(PREFILLED).withoutReasoning(TRACE).completion()).isEqualTo("</think>\n\n46<|im_end|>");
    }

    @Test
    void aTraceWithoutReasoningIsRenderedWithoutIt() {
        Trace trace = Traces.of(null, "46", Message.user("12+34?"));
        assertThat(renderer(SWITCHED).render(trace).text())
                .isEqualTo(renderer(SWITCHED).withoutReasoning(trace).text());
    }

    @Test
    void whatTheReplySaysComesBackFromTheSplitter() {
        for (String template : List.of(PLAIN, PREFILLED, SWITCHED)) {
            SampleRenderer renderer = renderer(template);
            RenderedSample sample = renderer.render(TRACE);
            String reply = sample.completion().substring(0, sample.completion().length() - "<|im_end|>".length());
            assertThat(ReasoningSplitter.split(
                            reply,
                            ThinkMarkers.THINK,
                            renderer.start(sample.prompt()),
                            ReasoningSplitter.Whitespace.TRIM))
                    .isEqualTo(new ReasoningSplitter.Split("add them", "46", true));
        }
    }

    @Test
    void refusesATokenizerThatJoinsPromptAndCompletion() {
        SampleRenderer joined = renderer("{% for m in messages %}{{ m.content }}<|im_end|>{% endfor %}"
                + "{% if add_generation_prompt %} {% endif %}");
        Trace trace = Traces.of(null, "a", Message.user("x"));
        assertThat(tokenizer.encode(" a")).hasSize(1);
        assertThatThrownBy(() -> joined.render(trace))
                .isInstanceOfSatisfying(
                        RenderException.class, e -> assertThat(e.reason()).isEqualTo(Reason.PARTS_FROM_INFERENCE))
                .hasMessageContaining("they part at token 2: inference has \" \", training \" a<|im_end|>\"");
    }

    @Test
    void refusesATemplateThatRewritesThePromptAfterTheAnswer() {
        SampleRenderer renderer = renderer("{{ messages|length }}" + PLAIN);
        assertThatThrownBy(() -> renderer.render(TRACE))
                .hasMessageContaining("they part at character 0: inference has \"1<|im_start|>user");
    }

    @Test
    void refusesMarksInsideTheText() {
        Trace closes = Traces.of("so </think> what", "46", Message.user("?"));
        assertThatThrownBy(() -> renderer(PLAIN).render(closes))
                .isInstanceOfSatisfying(
                        RenderException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MARKER_IN_TEXT))
                .hasMessageContaining("its reasoning holds \"</think>\" at character 3");
        Trace ends = Traces.of("so", "46<|im_end|>", Message.user("?"));
        assertThatThrownBy(() -> renderer(PLAIN).render(ends)).hasMessageContaining("its answer holds \"<|im_end|>\"");
    }

    @Test
    void refusesAPromptThatClosesTheReasoning() {
        SampleRenderer renderer = renderer(TURNS + OPEN + "<think></think>{% endif %}");
        assertThatThrownBy(() -> renderer.render(TRACE))
                .isInstanceOfSatisfying(
                        RenderException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REASONING_CLOSED));
        assertThat(renderer.withoutReasoning(TRACE).completion()).isEqualTo("46<|im_end|>");
    }

    @Test
    void asksATemplateToThinkThatDoesNotUnasked() {
        SampleRenderer renderer =
                renderer(TURNS + OPEN + "{% if thinking %}<think>{% else %}</think>{% endif %}{% endif %}");
        assertThat(renderer.render(TRACE).prompt()).endsWith("assistant\n<think>");
        assertThat(renderer.withoutReasoning(TRACE).prompt()).endsWith("assistant\n</think>");
    }

    @Test
    void needsAnEndOfTurn() {
        String silent = "{% for m in messages %}{{ m.content }}{% endfor %}";
        assertThatThrownBy(() -> renderer(silent))
                .isInstanceOfSatisfying(
                        RenderException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NO_END_OF_TURN))
                .hasMessageContaining("never learn to stop");
        ChatTemplate withToken = ChatTemplate.of(silent, Map.of("eos_token", "<|im_end|>"));
        assertThat(new SampleRenderer(withToken, tokenizer, ThinkMarkers.THINK).endOfTurn())
                .isEqualTo("<|im_end|>");
        assertThatThrownBy(() -> renderer("{{ messages[0].content }}")).hasMessageContaining("leaves an assistant's");
        assertThat(renderer(PLAIN + "{% if not add_generation_prompt %}<|im_start|>{% endif %}")
                        .endOfTurn())
                .isEqualTo("<|im_end|>");
    }
}
