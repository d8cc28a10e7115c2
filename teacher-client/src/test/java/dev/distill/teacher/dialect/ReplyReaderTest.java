package dev.distill.teacher.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.shard.SaidTokens;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.ReasoningKind;
import dev.distill.teacher.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyReaderTest {
    private static final String STOP = "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}";

    private static ReplyReader read(String... chunks) {
        ReplyReader reader = Dialect.named("openai").reader(new ErrorReader(ApiKey.NONE));
        for (String chunk : chunks) {
            reader.accept(null, chunk);
        }
        return reader;
    }

    private static String delta(String fields) {
        return "{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{" + fields + "}}]}";
    }

    private static Reply reply(String... chunks) {
        assertThat(read(chunks).outcome()).isInstanceOf(Outcome.Completed.class);
        return ((Outcome.Completed) read(chunks).outcome()).reply();
    }

    @Test
    void takesReasoningFromEitherField() {
        Reply expected = new Reply("thought", "said", "said", FinishReason.STOP, "m");
        assertThat(reply(
                        delta("\"reasoning_content\":\"thou\",\"content\":null"),
                        delta("\"reasoning_content\":\"ght\""),
                        delta("\"content\":\"said\",\"reasoning_content\":null"),
                        STOP))
                .isEqualTo(expected);
        assertThat(reply(delta("\"reasoning\":\"thought\""), delta("\"content\":\"said\""), STOP))
                .isEqualTo(expected);
    }

    @Test
    void takesReasoningOnceWhereAHostSendsItUnderBothNames() {
        assertThat(reply(delta("\"reasoning\":\"a\",\"reasoning_content\":\"a\""), delta("\"content\":\"b\""), STOP)
                        .reasoning())
                .isEqualTo("a");
    }

    /** A real tag cut at every place, with and without the opening tag that a template has written already. */
    @Test
    void splitsThinkTagsInsideTheContentHoweverTheyAreCut() {
        for (String raw : List.of("<think>\nthought\n</think>\n\nsaid", "thought\n</think>\n\nsaid")) {
            for (int cut = 1; cut < raw.length(); cut++) {
                List<String> chunks = new ArrayList<>();
                for (String part : List.of(raw.substring(0, cut), raw.substring(cut))) {
                    chunks.add(delta("\"content\":\"" + part.replace("\n", "\\n") + "\""));
                }
                chunks.add(STOP);
                assertThat(reply(chunks.toArray(new String[0])))
                        .as("cut at " + cut)
                        .isEqualTo(new Reply("thought", "said", raw, FinishReason.STOP, "m"));
            }
        }
    }

    @Test
    void aThoughtThatTheLimitCutOffHasNoAnswer() {
        Reply reply = reply(
                delta("\"content\":\"<think>and so\""), "{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}");
        assertThat(reply).isEqualTo(new Reply("and so", "", "<think>and so", FinishReason.LENGTH, "m"));
    }

    @Test
    void aPlainAnswerStaysAsItIs() {
        assertThat(reply(delta("\"content\":\" 2 < 3 \""), STOP))
                .isEqualTo(new Reply(null, " 2 < 3 ", " 2 < 3 ", FinishReason.STOP, "m"));
    }

    /** Mistral's parts, with the thinking as text and as parts again. */
    @Test
    void readsListTypedContent() {
        Reply reply = reply(
                delta("\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"thou\"}]}]"),
                delta("\"content\":[{\"type\":\"thinking\",\"thinking\":\"ght\"}]"),
                delta("\"content\":[{\"type\":\"text\",\"text\":\"sa\"}]"),
                delta("\"content\":\"id\""),
                STOP);
        assertThat(reply).isEqualTo(new Reply("thought", "said", "said", FinishReason.STOP, "m"));
    }

    @Test
    void findsUsageWhereverItIs() {
        String usage = "{\"prompt_tokens\":10,\"completion_tokens\":7,";
        assertThat(usage("{\"choices\":[],\"usage\":" + usage + "\"prompt_cache_hit_tokens\":4}}"))
                .isEqualTo(new Usage(10, 4, 7, 0));
        assertThat(usage("{\"choices\":[],\"x_groq\":{\"usage\":" + usage
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":5}}}}"))
                .isEqualTo(new Usage(10, 0, 7, 5));
        assertThat(usage("{\"choices\":[{\"delta\":{},\"usage\":" + usage
                        + "\"prompt_tokens_details\":{\"cached_tokens\":9}}}]}"))
                .isEqualTo(new Usage(10, 9, 7, 0));
        // xAI: reasoning is counted beside the completion; the figures are those of a recording
        assertThat(usage("{\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":2,\"total_tokens\":354,"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":340}}}"))
                .isEqualTo(new Usage(12, 0, 342, 340));
        assertThat(usage("{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"cached_tokens\":5}}"))
                .isEqualTo(new Usage(3, 3, 1, 0));
        assertThat(usage("{\"usage\":null}")).isNull();
    }

    private static @org.jspecify.annotations.Nullable Usage usage(String chunk) {
        return read(chunk).received().usage();
    }

    @Test
    void knowsHowAReplyEnded() {
        String half = delta("\"content\":\"half\"");
        assertThat(read(half).outcome())
                .isEqualTo(new Outcome.CutStream(Cut.ENDED_EARLY, "the body ended without a finish reason"));
        assertThat(read(half, "[DONE]").outcome()).isInstanceOf(Outcome.Completed.class);
        assertThat(read(half, finish("insufficient_system_resource")).outcome())
                .isEqualTo(new Outcome.OutOfResources());
        assertThat(read(half, finish("content_filter")).outcome()).isEqualTo(new Outcome.Refused("content filter"));
        assertThat(read(half, finish("aborted")).outcome()).isInstanceOf(Outcome.CutStream.class);
        assertThat(read(STOP, "[DONE]").outcome()).isEqualTo(new Outcome.EmptyReply());
        assertThat(read(delta("\"refusal\":\"I will not\""), STOP).outcome())
                .isEqualTo(new Outcome.Refused("I will not"));
        assertThat(read(half, "{\"choices\":[").outcome())
                .isInstanceOfSatisfying(
                        Outcome.CutStream.class, cut -> assertThat(cut.why()).isEqualTo(Cut.MALFORMED));
    }

    private static String finish(String word) {
        return "{\"choices\":[{\"delta\":{},\"finish_reason\":\"" + word + "\"}]}";
    }

    @Test
    void errorsInTheStreamMeanWhatTheyWouldMeanOutsideIt() {
        assertThat(read(delta("\"content\":\"half\""), "{\"error\":{\"message\":\"m\",\"code\":429}}")
                        .outcome())
                .isInstanceOf(Outcome.RateLimited.class);
        assertThat(read("{\"error\":{\"message\":\"m\",\"type\":\"rate_limit_exceeded\"}}")
                        .outcome())
                .isInstanceOf(Outcome.RateLimited.class);
        assertThat(read("{\"error\":\"it broke\"}").outcome())
                .isEqualTo(new Outcome.Overloaded(0, "it broke", dev.distill.teacher.RetryAdvice.NONE));
    }

    @Test
    void ignoresOtherChoicesAndWhatComesAfterTheEnd() {
        String second = "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}";
        assertThat(reply(second, delta("\"content\":\"a\""), STOP, "[DONE]", delta("\"content\":\"b\""))
                        .answer())
                .isEqualTo("a");
    }

    /** OpenRouter's, beside the text, in its place, and as a summary. */
    @Test
    void readsReasoningDetails() {
        String text = "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"thought\",\"signature\":\"s\"}]";
        assertThat(reply(delta("\"reasoning\":\"thought\"," + text), delta("\"content\":\"said\""), STOP))
                .isEqualTo(new Reply("thought", "said", "said", FinishReason.STOP, "m"));
        assertThat(reply(delta(text), delta("\"content\":\"said\""), STOP))
                .isEqualTo(new Reply("thought", "said", "said", FinishReason.STOP, "m"));
        Reply summary = reply(
                delta("\"reasoning_details\":[{\"type\":\"reasoning.summary\",\"summary\":\"in short\"},"
                        + "{\"type\":\"reasoning.encrypted\",\"data\":\"x\"}]"),
                delta("\"content\":\"said\""),
                STOP);
        assertThat(summary.reasoning()).isEqualTo("in short");
        assertThat(summary.kind()).isEqualTo(ReasoningKind.SUMMARY);
    }

    /** The two texts do not tell where thinking went on, nor what a part of a third kind was: the raw reply does. */
    @Test
    void theRawReplyKeepsWhatReasoningAndAnswerCannot() {
        Reply alternating = reply(
                delta("\"content\":[{\"type\":\"thinking\",\"thinking\":\"one\"},{\"type\":\"text\",\"text\":\"a\"}]"),
                delta("\"content\":[{\"type\":\"thinking\",\"thinking\":\"two\"}]"),
                delta("\"content\":[{\"type\":\"reference\",\"ids\":[3]}]"),
                delta("\"content\":\"b\""),
                STOP);
        assertThat(alternating.reasoning()).isEqualTo("onetwo");
        assertThat(alternating.answer()).isEqualTo("ab");
        assertThat(alternating.raw())
                .isEqualTo("[{\"type\":\"thinking\",\"thinking\":\"one\"},{\"type\":\"text\",\"text\":\"a\"},"
                        + "{\"type\":\"thinking\",\"thinking\":\"two\"},{\"type\":\"reference\",\"ids\":[3]},"
                        + "{\"type\":\"text\",\"text\":\"b\"}]");
    }

    @Test
    void wordsThatAreNotKnownAreKeptAndMarkedAndGarbledCallsAreNot() {
        String half = delta("\"content\":\"half\"");
        assertThat(reply(half, finish("a_word_of_2027")).finish()).isEqualTo(FinishReason.OTHER);
        assertThat(reply(half, finish("model_length")).finish()).isEqualTo(FinishReason.LENGTH);
        assertThat(read(half, finish("malformed_function_call")).outcome())
                .isEqualTo(new Outcome.CutStream(
                        Cut.MALFORMED, "finish reason \"malformed_function_call\", and no tool was offered"));
        assertThat(read(half, "{\"error\":{\"message\":\"m\",\"code\":\"tool_use_failed\"}}")
                        .outcome())
                .isInstanceOf(Outcome.BadRequest.class);
        assertThat(read("{\"error\":{\"message\":\"m\",\"code\":403,\"metadata\":{\"reasons\":[\"x\"]}}}")
                        .outcome())
                .isEqualTo(new Outcome.Refused("m"));
    }

    private static String token(String text, String bytes, String likeliest) {
        return "{\"token\":\"" + text + "\",\"logprob\":-0.5,\"bytes\":" + bytes + ",\"top_logprobs\":[" + likeliest
                + "]}";
    }

    /** Of the reasoning and of the answer, in one list as vLLM has them, in two as DeepSeek has, in OpenAI's first form as Together has. */
    @Test
    void keepsTokensWithTheirLogProbabilities() {
        String half = token("\\ufffd", "[226,130]", "{\"token\":\"x\",\"logprob\":-1,\"bytes\":[120]}");
        String plain = token("b", "null", "");
        SaidTokens vllm = tokens(
                withLogprobs("\"reasoning\":\"a\"", "\"content\":[" + half + "]"),
                withLogprobs("\"content\":\"b\"", "\"content\":[" + plain + "]"));
        assertThat(vllm.tokens())
                .extracting(SaidTokens.Token::part)
                .containsExactly(SaidTokens.Part.REASONING, SaidTokens.Part.ANSWER);
        assertThat(vllm.tokens().getFirst().bytes()).containsExactly(226, 130);
        assertThat(vllm.tokens().getFirst().logProbability()).isEqualTo(-0.5f);
        assertThat(vllm.tokens().getFirst().likeliest().getFirst().bytes()).containsExactly('x');
        assertThat(vllm.tokens().getLast().bytes()).containsExactly('b');
        assertThat(tokens(withLogprobs(
                        "\"reasoning_content\":\"a\",\"content\":\"b\"",
                        "\"reasoning_content\":[" + half + "],\"content\":[" + plain + "]")))
                .isEqualTo(vllm);
        SaidTokens together = tokens(withLogprobs(
                "\"content\":\"b\"",
                "\"tokens\":[\"b\"],\"token_logprobs\":[-0.5],\"top_logprobs\":[{\"b\":-0.5,\"c\":-2}]"));
        assertThat(together.tokens().getFirst().likeliest()).hasSize(2);
        assertThat(reply(delta("\"content\":\"b\""), STOP).tokens()).isNull();
    }

    private static String withLogprobs(String fields, String logprobs) {
        return "{\"choices\":[{\"index\":0,\"delta\":{" + fields + "},\"logprobs\":{" + logprobs + "}}]}";
    }

    private static SaidTokens tokens(String... chunks) {
        List<String> all = new ArrayList<>(List.of(chunks));
        all.add(STOP);
        return java.util.Objects.requireNonNull(
                reply(all.toArray(new String[0])).tokens());
    }

    /** SGLang 0.4.3 and older Ollama send an empty word with every chunk, KoboldCpp the word null. */
    @Test
    void aWordThatSaysNothingIsNoEnd() {
        for (String nothing : List.of("", " ", "null")) {
            String half = "{\"choices\":[{\"delta\":{\"content\":\"half\"},\"finish_reason\":\"" + nothing + "\"}]}";
            assertThat(read(half).isFinished()).isFalse();
            assertThat(read(half).outcome())
                    .isEqualTo(new Outcome.CutStream(Cut.ENDED_EARLY, "the body ended without a finish reason"));
            assertThat(reply(half, half, STOP).finish()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void noErrorAfterTheFinishReasonTakesTheReplyAway() {
        String usage = "{\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":7}}";
        for (String late :
                List.of("DONE", "{\"choices\":[", "{\"error\":{\"message\":\"m\",\"code\":500}}", finish("error"))) {
            ReplyReader reader = read(delta("\"content\":\"all\""), STOP, late, usage);
            assertThat(reader.outcome()).as(late).isInstanceOfSatisfying(Outcome.Completed.class, done -> {
                assertThat(done.reply().answer()).isEqualTo("all");
                assertThat(done.reply().finish()).isEqualTo(FinishReason.STOP);
            });
            assertThat(reader.received().usage()).isEqualTo(new Usage(10, 0, 7, 0));
        }
        // a server that broke off may say why
        assertThat(read(delta("\"content\":\"half\""), finish("error"), "{\"error\":{\"message\":\"m\",\"code\":429}}")
                        .outcome())
                .isInstanceOf(Outcome.RateLimited.class);
    }

    /** Bridges to other APIs say with each piece, or before the last one, that it has ended. */
    @Test
    void textAfterTheFinishReasonBelongsToTheReply() {
        String thought = "{\"choices\":[{\"delta\":{\"reasoning_content\":\"so\"},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1}}";
        ReplyReader reader = read(thought, delta("\"content\":\"The answer\""), STOP, delta("\"content\":\" is 42\""));
        assertThat(reader.outcome()).isInstanceOfSatisfying(Outcome.Completed.class, done -> {
            assertThat(done.reply().reasoning()).isEqualTo("so");
            assertThat(done.reply().answer()).isEqualTo("The answer is 42");
        });
        assertThat(reader.received().billed()).isFalse();
    }

    /** xAI, and vLLM when it is asked so, count as they go. */
    @Test
    void usageIsABillOnceTheReplyHasFinished() {
        String running =
                "{\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1}}";
        String last = "{\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":7}}";
        assertThat(read(running).received().billed()).isFalse();
        assertThat(read(running, STOP).received().billed()).isFalse();
        assertThat(read(running, STOP, last).received().billed()).isTrue();
        assertThat(read(running, last).received().billed()).isFalse();
        assertThat(read(running, last, "[DONE]").received().billed()).isTrue();
        assertThat(read(running, "{\"error\":{\"message\":\"m\"}}").received().billed())
                .isFalse();
        assertThat(read("{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}],"
                                + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":7}}")
                        .received()
                        .billed())
                .isTrue();
    }

    /** Longer than any model writes, and longer than a reader of JSON takes unless it is told to; in pieces and in one piece. */
    @Test
    void aReplyMayHaveSoMuchTextAndNoMore() {
        String part = delta("\"content\":\"" + "x".repeat(1 << 22) + "\"");
        assertThat(read(part, part, part, part, STOP).outcome()).isInstanceOf(Outcome.Completed.class);
        Outcome tooLarge = new Outcome.CutStream(Cut.TOO_LARGE, "more than 16777216 characters");
        assertThat(read(part, part, part, part, delta("\"reasoning\":\"y\"")).outcome())
                .isEqualTo(tooLarge);
        String piece = "{\"choices\":[{\"message\":{\"content\":\"" + "x".repeat(21_000_000)
                + "\"},\"finish_reason\":\"stop\"}]}";
        assertThat(read(piece).outcome()).isEqualTo(tooLarge);
    }

    @Test
    void aReplyMayHaveSoManyTokensAndNoMore() {
        String text = "t".repeat(1 << 20);
        String chunk = withLogprobs("\"content\":\"b\"", "\"content\":[" + token(text, "null", "") + "]");
        ReplyReader reader = read();
        for (int i = 0; i < 33; i++) {
            reader.accept(null, chunk);
        }
        assertThat(reader.outcome())
                .isEqualTo(new Outcome.CutStream(Cut.TOO_LARGE, "more than 33554432 bytes of tokens"));
    }

    @Test
    void mayBeSilentUntilItsFirstToken() {
        assertThat(read("{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}")
                        .mayBeSilent())
                .isTrue();
        assertThat(read(delta("\"reasoning\":\"a\"")).mayBeSilent()).isFalse();
        // what is told is a summary: the model may think on between two sentences of it
        String summary = "\"reasoning_details\":[{\"type\":\"reasoning.summary\",\"summary\":\"in short\"}]";
        assertThat(read(delta(summary)).mayBeSilent()).isTrue();
        assertThat(read(delta(summary), delta("\"content\":\"a\"")).mayBeSilent())
                .isFalse();
    }
}
