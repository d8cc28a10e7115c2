package dev.distill.teacher.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Message;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.TeacherRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DialectTest {
    private static final TeacherRequest REQUEST = new TeacherRequest(
            List.of(Message.system("be brief"), Message.user("a \"b\"\n\u2028")),
            new Sampling(0.6, 1, 100, OptionalLong.of(5), new TreeMap<>(Map.of("top_k", "20"))),
            2);

    private static String body(Dialect dialect) {
        return new String(dialect.body("m", REQUEST), StandardCharsets.UTF_8);
    }

    @Test
    void sendsExactlyWhatItSaysTakesEffect() {
        assertThat(body(Dialect.named("openai")))
                .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},"
                        + "{\"role\":\"user\",\"content\":\"a \\\"b\\\"\\n\u2028\"}],\"stream\":true,"
                        + "\"stream_options\":{\"include_usage\":true},\"max_tokens\":100,\"seed\":7,"
                        + "\"temperature\":0.6,\"top_k\":20,\"top_p\":1}");
        assertThat(Dialect.named("openai").effective(REQUEST))
                .isEqualTo(Map.of("max_tokens", "100", "seed", "7", "temperature", "0.6", "top_k", "20", "top_p", "1"));
        assertThat(body(Dialect.named("openai-max-completion-tokens"))).contains("\"max_completion_tokens\":100");
    }

    @Test
    void leavesOutWhatDeepSeekIgnores() {
        assertThat(Dialect.named("deepseek-r1").effective(REQUEST))
                .isEqualTo(Map.of("max_tokens", "100", "top_k", "20"));
        assertThat(body(Dialect.named("deepseek-thinking")))
                .contains("\"thinking\":{\"type\":\"enabled\"}")
                .doesNotContain("temperature");
        assertThat(body(Dialect.named("deepseek-chat")))
                .contains("\"thinking\":{\"type\":\"disabled\"}")
                .contains("\"temperature\":0.6");
    }

    @Test
    void knowsThatTheLimitOfR1LeavesTheReasoningOut() {
        assertThat(Dialect.named("deepseek-r1").completionTokensAtMost(REQUEST.sampling()))
                .isEqualTo(32_868);
        assertThat(Dialect.named("deepseek-thinking").completionTokensAtMost(REQUEST.sampling()))
                .isEqualTo(100);
    }

    @Test
    void namesAreUniqueAndAWrongOneIsAnsweredWithThem() {
        assertThat(Dialect.all()).extracting(Dialect::name).doesNotHaveDuplicates();
        assertThatThrownBy(() -> Dialect.named("depseek"))
                .hasMessage("teacher.dialect: must be one of deepseek-r1, deepseek-thinking, deepseek-chat, openai,"
                        + " openai-max-completion-tokens; got \"depseek\"");
    }
}
