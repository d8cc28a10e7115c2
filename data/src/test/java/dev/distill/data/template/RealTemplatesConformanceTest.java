package dev.distill.data.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.pack.Sample;
import dev.distill.data.tokenize.HfTokenizer;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training texts with the templates of real models, tokenised by Qwen3's tokenizer. */
@Tag("conformance")
class RealTemplatesConformanceTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("distill.conformance", "")).toAbsolutePath();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-07-10T12:00:00Z"), ZoneOffset.UTC);
    private static final String REASONING = "First add.\n\nThen check: 4 is right.";
    private static final String ANSWER = "The answer is **4**. 🙂";

    @TempDir
    static Path folder;

    private static HfTokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        Path packed = FOLDER.resolve("tokenizers/qwen3.tokenizer.json.gz");
        assumeTrue(Files.exists(packed), "skipped: no " + packed + "; set -Ddistill.conformance");
        Path file = folder.resolve("tokenizer.json");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            Files.copy(in, file);
        }
        tokenizer = HfTokenizer.open(file);
    }

    @AfterAll
    static void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    private static ChatTemplate template(String model) throws IOException {
        Path file = FOLDER.resolve("chat_templates/hfjs_chat_template_renderings_53.json");
        for (JsonNode one : new ObjectMapper().readTree(file.toFile())) {
            if (one.get("name").asText().equals(model)) {
                return ChatTemplate.of(
                                one.get("chat_template").asText(), Map.of("bos_token", "<s>", "eos_token", "</s>"))
                        .with(CLOCK);
            }
        }
        throw new IllegalArgumentException("no template of " + model);
    }

    @ParameterizedTest
    @CsvSource({
        "Qwen/Qwen3-0.6B, '<|im_start|>assistant\n', <|im_end|>, '<think>\n\n</think>\n\n'",
        "Qwen/Qwen3.5-4B, '<|im_start|>assistant\n<think>\n', <|im_end|>, '<think>\n\n</think>\n\n'",
        "Qwen/Qwen2.5-7B-Instruct, '<|im_start|>assistant\n', <|im_end|>, 'assistant\n'",
        "HuggingFaceTB/SmolLM3-3B, '<|im_start|>assistant\n', <|im_end|>, '<think>\n\n</think>\n'",
        "deepseek-ai/DeepSeek-R1, <｜Assistant｜>, <｜end▁of▁sentence｜>, <｜Assistant｜>",
        "meta-llama/Llama-3.1-8B-Instruct, '<|start_header_id|>assistant<|end_header_id|>\n\n', <|eot_id|>, '\n\n'"
    })
    void trainingSeesThePromptOfInference(String model, String opening, String endOfTurn, String twinOpening)
            throws IOException {
        ChatTemplate template = template(model);
        SampleRenderer renderer = new SampleRenderer(template, tokenizer, ThinkMarkers.THINK);
        Message[] messages = {
            Message.system("Be brief."),
            Message.user("1+1?"),
            Message.assistant("<think>\nold thought\n</think>\n\n2"),
            Message.user("2+2?")
        };
        Trace trace = Traces.of(REASONING, ANSWER, messages);

        RenderedSample sample = renderer.render(trace);
        assertThat(sample.prompt())
                .isEqualTo(template.render(trace.messages(), true))
                .endsWith(opening);
        String start = opening.endsWith("<think>\n") ? "" : "<think>\n";
        assertThat(sample.completion()).isEqualTo(start + REASONING + "\n</think>\n\n" + ANSWER + endOfTurn);
        int[] ids = sample.sample().ids();
        int[] prompt = tokenizer.encode(sample.prompt());
        assertThat(ids).startsWith(prompt);
        assertThat(sample.sample().trained()).containsExactly(new Sample.Span(prompt.length, ids.length));
        assertThat(tokenizer.decode(ids, false)).isEqualTo(sample.text());

        RenderedSample twin = renderer.withoutReasoning(trace);
        assertThat(twin.prompt()).endsWith(twinOpening);
        assertThat(twin.completion()).isEqualTo(ANSWER + endOfTurn);
    }
}
