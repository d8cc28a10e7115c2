package dev.distill.teacher.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.TeacherRequest;
import dev.distill.teacher.dialect.Asked.Switch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static Dialect asked(String name, Switch thinking, String effort) {
        Optional<Effort> given = effort.isEmpty() ? Optional.empty() : Optional.of(Effort.of(effort));
        return Dialect.named(name).asking(new Asked(thinking, given, 0));
    }

    private static List<String> problems(String name, Switch thinking, String effort) {
        return asked(name, thinking, effort).problems(REQUEST.sampling());
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
    void aReplyInOnePieceIsTheSameUnit() {
        Dialect streamed = Dialect.named("openai");
        Dialect whole = streamed.asking(streamed.asked().inOnePiece());
        assertThat(body(whole)).doesNotContain("stream").contains("\"max_tokens\":100");
        assertThat(whole.effective(REQUEST)).isEqualTo(streamed.effective(REQUEST));
        Dialect gemini = Dialect.named("gemini");
        assertThat(gemini.asking(gemini.asked().inOnePiece()).problems(REQUEST.sampling()))
                .containsExactly("teacher.stream: dialect gemini is asked with streaming only; leave it out");
    }

    /** The ids are those that the program gave before dialects were data: whoever bought these replies must not buy them again. */
    @Test
    void unitsOfEarlierHarvestsKeepTheirIds() {
        Prompt prompt = Prompt.of(List.of(Message.system("be brief"), Message.user("1 + 1?")), "2", "test");
        Sampling sampling = new Sampling(0.6, 0.95, 4096, OptionalLong.of(7), new TreeMap<>(Map.of("top_k", "20")));
        TeacherRequest request = TeacherRequest.of(prompt, sampling, 3);
        Map.of(
                        "deepseek-r1", "95fe0532b972f9896d8db4f8e8b300be",
                        "deepseek-thinking", "95fe0532b972f9896d8db4f8e8b300be",
                        "deepseek-chat", "1676189cee609631b88ea9660a5feded",
                        "openai", "2f2748f5c4b434e12086dcc62b3b9848",
                        "openai-max-completion-tokens", "221e893845797beb35acd4cac7066f44")
                .forEach((name, id) -> assertThat(Trace.unitId(
                                prompt.id(), "m", Dialect.named(name).effective(request), 3))
                        .as(name)
                        .isEqualTo(id));
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
        // the switch of the era after it decides what takes effect, and belongs to the id
        assertThat(asked("deepseek-v4", Switch.ON, "high").effective(REQUEST))
                .isEqualTo(Map.of(
                        "max_tokens",
                        "100",
                        "reasoning_effort",
                        "\"high\"",
                        "thinking",
                        "{\"type\":\"enabled\"}",
                        "top_k",
                        "20"));
        assertThat(asked("deepseek-v4", Switch.OFF, "").effective(REQUEST))
                .containsEntry("temperature", "0.6")
                .containsEntry("thinking", "{\"type\":\"disabled\"}");
    }

    @Test
    void theCeilingCoversReasoningThatTheLimitDoesNot() {
        Sampling sampling = REQUEST.sampling();
        assertThat(Dialect.named("deepseek-r1").completionTokensAtMost(sampling))
                .isEqualTo(32_868);
        assertThat(Dialect.named("deepseek-thinking").completionTokensAtMost(sampling))
                .isEqualTo(100);
        assertThat(asked("anthropic-budget", Switch.ON, "1024").completionTokensAtMost(sampling.withMaxTokens(4096)))
                .isEqualTo(4096);
        assertThat(asked("alibaba", Switch.AUTO, "").completionTokensAtMost(sampling))
                .isEqualTo(82_020);
        assertThat(asked("alibaba", Switch.ON, "500").completionTokensAtMost(sampling))
                .isEqualTo(600);
        assertThat(asked("alibaba", Switch.OFF, "").completionTokensAtMost(sampling))
                .isEqualTo(100);
    }

    @Test
    void eachProviderIsSwitchedInItsOwnWords() {
        assertThat(body(asked("vllm", Switch.OFF, "")))
                .contains("\"chat_template_kwargs\":{\"enable_thinking\":false}")
                .contains("\"temperature\":0.6");
        assertThat(body(asked("sglang", Switch.ON, "2000")))
                .contains("\"chat_template_kwargs\":{\"enable_thinking\":true,\"thinking_budget\":2000}");
        assertThat(body(asked("openrouter", Switch.ON, "high")))
                .contains("\"reasoning\":{\"enabled\":true,\"effort\":\"high\"}")
                .contains("\"include_reasoning\":true");
        assertThat(body(asked("groq", Switch.OFF, "")))
                .contains("\"reasoning_effort\":\"none\"")
                .contains("\"reasoning_format\":\"parsed\"")
                .contains("\"max_completion_tokens\":100");
        assertThat(body(asked("mistral", Switch.ON, "")))
                .contains("\"random_seed\":7")
                .doesNotContain("stream_options");
        assertThat(body(asked("openai-reasoning", Switch.AUTO, "low")))
                .contains("\"reasoning_effort\":\"low\"")
                .doesNotContain("temperature", "top_p");
    }

    @Test
    void anthropicAndGeminiAreAskedInTheirOwnFormats() {
        assertThat(new String(asked("anthropic-budget", Switch.ON, "1024").body("m", REQUEST), StandardCharsets.UTF_8))
                .isEqualTo("{\"model\":\"m\",\"system\":\"be brief\",\"messages\":[{\"role\":\"user\",\"content\":"
                        + "\"a \\\"b\\\"\\n\u2028\"}],\"stream\":true,\"max_tokens\":100,"
                        + "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024},\"top_k\":20}");
        assertThat(body(asked("anthropic", Switch.ON, "max")))
                .contains("\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"}")
                .contains("\"output_config\":{\"effort\":\"max\"}");
        assertThat(body(asked("gemini", Switch.ON, "512")))
                .isEqualTo(
                        "{\"systemInstruction\":{\"parts\":[{\"text\":\"be brief\"}]},\"contents\":[{\"role\":\"user\","
                                + "\"parts\":[{\"text\":\"a \\\"b\\\"\\n\u2028\"}]}],\"generationConfig\":{\"thinkingConfig\":"
                                + "{\"includeThoughts\":true,\"thinkingBudget\":512},\"maxOutputTokens\":100,\"seed\":7,"
                                + "\"temperature\":0.6,\"topP\":1,\"top_k\":20}}");
    }

    @Test
    void whatAProviderDoesNotTakeIsSaidInTheWordsOfARecipe() {
        assertThat(problems("openai", Switch.ON, ""))
                .singleElement()
                .asString()
                .contains("teacher.thinking: dialect openai has no switch", "teacher.extra.NAME");
        assertThat(problems("deepseek-r1", Switch.OFF, ""))
                .singleElement()
                .asString()
                .contains("knows no way to switch it off");
        assertThat(problems("deepseek-v4", Switch.AUTO, "medium"))
                .containsExactly("teacher.effort: dialect deepseek-v4 takes one of low, high, max; got medium");
        assertThat(problems("openai", Switch.AUTO, "high"))
                .containsExactly("teacher.effort: dialect openai takes no effort; got high");
        assertThat(problems("anthropic-budget", Switch.ON, ""))
                .containsExactly("teacher.effort: dialect anthropic-budget thinks on a token budget; give one of 1024"
                        + " or more");
        assertThat(problems("anthropic-budget", Switch.ON, "2048"))
                .containsExactly(
                        "teacher.effort: must be below teacher.max-tokens, 100, of which it is a part; got" + " 2048");
        assertThat(problems("openrouter", Switch.OFF, "high"))
                .containsExactly("teacher.effort: needs thinking; got high with teacher.thinking off");
        assertThat(Dialect.named("xai")
                        .asking(new Asked(Switch.AUTO, Optional.empty(), 20))
                        .problems(REQUEST.sampling()))
                .containsExactly("teacher.logprobs: dialect xai tells at most 8; got 20; set it to 8 or less");
    }

    @Test
    void logprobsAreAskedForAndBelongToTheId() {
        Asked five = new Asked(Switch.AUTO, Optional.empty(), 5);
        assertThat(Dialect.named("openai").asking(five).effective(REQUEST))
                .containsEntry("logprobs", "true")
                .containsEntry("top_logprobs", "5");
        assertThat(Dialect.named("together").asking(five).effective(REQUEST))
                .containsEntry("logprobs", "5")
                .doesNotContainKey("top_logprobs");
    }

    @Test
    void aWrongNameIsAnsweredWithTheRightOnes() {
        assertThatThrownBy(() -> Dialect.named("depseek"))
                .hasMessageStartingWith("teacher.dialect: must be one of openai, openai-max-completion-tokens,")
                .hasMessageContaining("deepseek-r1, deepseek-thinking, deepseek-chat")
                .hasMessageEndingWith("; got \"depseek\"");
    }

    private static List<String> problemsOf(String dialect, String field, String value) {
        return Dialect.named(dialect)
                .problems(new Sampling(0.6, 1, 100, OptionalLong.empty(), new TreeMap<>(Map.of(field, value))));
    }

    /** They would stand above the recipe's own keys on the wire, and below them in the budget and in the trace. */
    @Test
    void extraFieldsSayNothingThatTheRecipeHasAKeyFor() {
        assertThat(problemsOf("openai", "max_completion_tokens", "100000"))
                .containsExactly("teacher.extra.max_completion_tokens: must not be a field that the recipe has a key of"
                        + " its own for; got 100000; use teacher.max-tokens");
        Map<String, String> cures = Map.of(
                "model", "teacher.model",
                "messages", "prompts.files",
                "system", "prompts.system",
                "stream_options", "teacher.stream",
                "best_of", "harvest.samples",
                "maxOutputTokens", "teacher.max-tokens",
                "max_tokens", "teacher.max-tokens",
                "random_seed", "teacher.seed",
                "temperature", "teacher.temperature",
                "topP", "teacher.top-p");
        cures.forEach((field, key) -> assertThat(problemsOf("deepseek-r1", field, "3"))
                .as(field)
                .singleElement()
                .asString()
                .startsWith("teacher.extra." + field + ": ")
                .endsWith("; got 3; use " + key));
        assertThat(problemsOf("gemini", "generationConfig", "{\"candidateCount\":4,\"topK\":3}"))
                .containsExactly("teacher.extra.generationConfig.candidateCount: must not be a field that the recipe"
                        + " has a key of its own for; got 4; use harvest.samples");
        // where the reasoning is paid for beside the limit, its switch and its budget decide what is set aside
        assertThat(problemsOf("alibaba", "enable_thinking", "true"))
                .singleElement()
                .asString()
                .endsWith("use teacher.thinking");
        assertThat(problemsOf("alibaba", "thinking_budget", "9"))
                .singleElement()
                .asString()
                .endsWith("use teacher.effort");
        for (String harmless : List.of("top_k", "min_p", "stop", "reasoning_effort", "enable_thinking")) {
            assertThat(problemsOf("vllm", harmless, "3")).as(harmless).isEmpty();
        }
        assertThat(problemsOf("openai", "top_k", "{"))
                .containsExactly("teacher.extra.top_k: must be a value in JSON; got {");
    }
}
