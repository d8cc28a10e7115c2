package dev.distill.teacher.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.distill.data.template.ReasoningSplitter.Start;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Conformance;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.ReasoningKind;
import java.io.IOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * vLLM's cases for a server without a reasoning parser, whose template pre-fills the start marker: whole, and cut at every place. White space around the
 * two texts is not kept by a reply.
 */
@Tag("conformance")
class ReasoningParserConformanceTest {
    private static final Dialect PREFILLED = prefilled();

    private static Dialect prefilled() {
        Dialect openai = Dialect.named("openai");
        return openai.with(
                openai.facts().with(new DialectFacts.ReplyFacts(ReasoningKind.WHOLE, Start.IN_PROMPT, true)));
    }

    @TestFactory
    Stream<DynamicTest> takesRepliesApart() throws IOException {
        JsonNode cases = Conformance.json("chat_templates/reasoning_parser_deepseek_r1_24.json")
                .path("deepseek_r1");
        assertThat(cases).hasSize(24);
        return StreamSupport.stream(cases.spliterator(), false)
                .map(one -> DynamicTest.dynamicTest(one.path("id").asText(), () -> check(one)));
    }

    private static void check(JsonNode one) {
        String output = one.path("output").asText();
        for (int cut = 0; cut <= output.length(); cut++) {
            ReplyReader reader = PREFILLED.reader(new ErrorReader(ApiKey.NONE));
            say(reader, output.substring(0, cut));
            say(reader, output.substring(cut));
            reader.accept(null, "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}");
            if (output.isEmpty()) {
                assertThat(reader.outcome()).isEqualTo(new Outcome.EmptyReply());
                continue;
            }
            assertThat(reader.outcome()).isInstanceOfSatisfying(Outcome.Completed.class, done -> {
                assertThat(String.valueOf(done.reply().reasoning()).strip()).isEqualTo(text(one.path("reasoning")));
                assertThat(done.reply().answer().strip()).isEqualTo(text(one.path("content")));
                assertThat(done.reply().raw()).isEqualTo(output);
            });
        }
    }

    private static String text(JsonNode node) {
        return node.asText("").equals("null") ? "" : node.asText("").strip();
    }

    private static void say(ReplyReader reader, String text) {
        reader.accept(null, "{\"choices\":[{\"delta\":{\"content\":" + TextNode.valueOf(text) + "}}]}");
    }
}
