package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Message;
import dev.distill.teacher.TeacherRequest;
import dev.distill.teacher.dialect.Asked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words of a recipe's {@code teacher} section, and what a provider is asked for them. */
class TeacherPartTest {
    @TempDir
    Path folder;

    private static TeacherPart read(Map<String, String> options) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(
                Map.of("name", "n", "teacher.url", "https://api.example.org/v1", "teacher.model", "m"));
        options.forEach((key, value) -> all.put("teacher." + key, value));
        return Recipe.read(null, all).teacher().orElseThrow();
    }

    private static Map<String, String> effective(TeacherPart part) {
        return part.endpoint().dialect().effective(new TeacherRequest(List.of(Message.user("q")), part.sampling(), 0));
    }

    @Test
    void theWordsOfEarlierRecipesMeanWhatTheyMeant() throws IOException {
        assertThat(read(Map.of()).endpoint().dialect().name()).isEqualTo("openai");
        assertThat(read(Map.of("dialect", "deepseek")).endpoint().dialect().name())
                .isEqualTo("deepseek-r1");
        assertThat(effective(read(Map.of())))
                .isEqualTo(Map.of("max_tokens", "32768", "temperature", "0.6", "top_p", "0.95"));
    }

    @Test
    void extraFieldsAreSentAsTheyAreGiven() throws IOException {
        TeacherPart part = read(Map.of(
                "extra.top_k", "20",
                "extra.reasoning_effort", "high",
                "extra.chat_template_kwargs", "{\"enable_thinking\": true}"));
        assertThat(effective(part))
                .containsEntry("top_k", "20")
                .containsEntry("reasoning_effort", "\"high\"")
                .containsEntry("chat_template_kwargs", "{\"enable_thinking\": true}");
        Path file = Files.writeString(folder.resolve("r.yaml"), """
                teacher:
                  url: https://api.example.org/v1
                  model: m
                  thinking: on
                  dialect: vllm
                  effort: high
                  logprobs: 5
                  extra:
                    min_p: 0.1
                    chat_template_kwargs: {thinking: true}
                """);
        TeacherPart fromFile = Recipe.read(file, Map.of()).teacher().orElseThrow();
        assertThat(fromFile.endpoint().dialect().asked().thinking()).isEqualTo(Asked.Switch.ON);
        assertThat(effective(fromFile))
                .containsEntry("min_p", "0.1")
                .containsEntry("chat_template_kwargs", "{\"enable_thinking\":true,\"thinking\":true}")
                .containsEntry("reasoning_effort", "\"high\"")
                .containsEntry("top_logprobs", "5");
        // what a run keeps as resolved.yaml is a recipe that asks the same
        String resolved = Recipe.read(file, Map.of("teacher.extra.stop", "[\"a\"]", "teacher.extra.user", "me"))
                .resolved()
                .yaml();
        Path again = Files.writeString(folder.resolve("resolved.yaml"), resolved);
        assertThat(effective(Recipe.read(again, Map.of()).teacher().orElseThrow()))
                .containsAllEntriesOf(effective(fromFile))
                .containsEntry("stop", "[\"a\"]")
                .containsEntry("user", "\"me\"");
    }

    @Test
    void autoBeginsWithWhatTheAddressTells() throws IOException {
        TeacherPart groq = read(Map.of("url", "https://api.groq.com/openai/v1", "dialect", "auto"));
        assertThat(groq.probes()).isTrue();
        assertThat(groq.endpoint().dialect().name()).isEqualTo("groq");
        assertThat(read(Map.of("dialect", "auto")).endpoint().dialect().name()).isEqualTo("openai");
        assertThat(read(Map.of("dialect", "groq")).probes()).isFalse();
    }

    @Test
    void aDialectOfOnesOwnIsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("own.yaml"), """
                dialects:
                  - name: novel-host
                    parameters: {max_tokens: length}
                """);
        assertThat(effective(read(Map.of("dialect", file.toString())))).isEqualTo(Map.of("length", "32768"));
        Path two = Files.writeString(folder.resolve("two.yaml"), "dialects: [{name: a}, {name: b}]");
        assertThatThrownBy(() -> read(Map.of("dialect", two.toString())))
                .hasMessageContaining("teacher.dialect: " + two + " must hold one dialect; got 2");
        assertThatThrownBy(
                        () -> read(Map.of("dialect", folder.resolve("none.yaml").toString())))
                .hasMessageContaining("teacher.dialect: cannot be read");
    }

    @Test
    void whatAProviderDoesNotTakeIsSaidBeforeAnythingIsSent() {
        assertThatThrownBy(() -> read(Map.of("effort", "high", "thinking", "off", "logprobs", "30")))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("teacher.thinking: dialect openai knows no way to switch it off")
                .hasMessageContaining("teacher.effort: dialect openai takes no effort; got high")
                .hasMessageContaining("teacher.logprobs: dialect openai tells at most 20; got 30");
    }

    @Test
    void aKeyGoesOverPlainHttpToThisMachineAlone() throws IOException {
        String far = "http://gpu-box:8000/v1";
        Map<String, String> signed = Map.of("url", far, "key-env", "TEACHER_KEY");
        assertThatThrownBy(() -> read(signed))
                .isInstanceOfSatisfying(
                        RecipeException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "teacher.url: must be https where a key is sent, for all on the way can read"
                                                + " plain http; got " + far
                                                + "; where that does no harm, set allow-http: true beside"
                                                + " it"));
        assertThatThrownBy(() -> read(Map.of("url", far, "key-file", "key.txt")))
                .hasMessageContaining("must be https where a key is sent");
        read(Map.of("url", far));
        read(Map.of("url", far, "key-env", "TEACHER_KEY", "allow-http", "true"));
        for (String near : List.of(
                "https://gpu-box/v1", "http://127.0.0.1:8000/v1", "http://localhost/v1", "http://[::1]:80/v1")) {
            read(Map.of("url", near, "key-env", "TEACHER_KEY"));
        }
    }

    @Test
    void theSameHoldsForATeacherThatScores() throws IOException {
        Map<String, String> signed = new LinkedHashMap<>(Map.of(
                "name", "n",
                "train.distill.url", "http://gpu-box:8000/v1",
                "train.distill.api-model", "m",
                "train.distill.key-env", "TEACHER_KEY"));
        assertThatThrownBy(() -> Recipe.read(null, signed))
                .hasMessageContaining("train.distill.url: must be https where a key is sent");
        signed.put("train.distill.allow-http", "true");
        Recipe.read(null, signed);
    }

    @Test
    void anExtraFieldThatHasAKeyOfItsOwnIsRefused() {
        assertThatThrownBy(() -> read(Map.of("extra.max_tokens", "5", "extra.n", "4")))
                .hasMessageContaining("teacher.extra.max_tokens: must not be a field that the recipe has a key of its"
                        + " own for; got 5; use teacher.max-tokens")
                .hasMessageContaining("teacher.extra.n: ")
                .hasMessageContaining("use harvest.samples");
    }
}
