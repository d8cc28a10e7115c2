package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.shard.SaidTokens;
import dev.distill.data.shard.TeacherTokens;
import dev.distill.data.shard.TokenFolder;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.dialect.Asked;
import dev.distill.teacher.dialect.Asked.Switch;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.wire.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What else a reply tells, kept with its trace: the tokens' log-probabilities, and that its reasoning is a summary. */
@Timeout(60)
class HarvestTokensIT extends HarvestScene {
    private HarvestConfig config(ScriptedServer server, Dialect dialect) {
        HarvestConfig plain = config(server.url(), 1, null, QUICK);
        return new HarvestConfig(
                new Endpoint(server.url(), "m", dialect),
                plain.sampling(),
                Asking.of(1),
                plain.limits(),
                plain.spending(),
                plain.output());
    }

    private static String token(String text) {
        return "{\"token\":\"" + text + "\",\"logprob\":-0.5,\"top_logprobs\":[{\"token\":\"" + text
                + "\",\"logprob\":-0.5},{\"token\":\"x\",\"logprob\":-2}]}";
    }

    private static void speak(String body, int attempt, ScriptedServer.Answer answer) throws IOException {
        assertThat(body).contains("\"logprobs\":true", "\"top_logprobs\":2");
        answer.stream();
        answer.data("{\"choices\":[{\"delta\":{\"reasoning\":\"why\"},\"logprobs\":{\"content\":[" + token("why")
                + "]}}]}");
        answer.data("{\"choices\":[{\"delta\":{\"content\":\"so\"},\"logprobs\":{\"content\":[" + token("so")
                + "]},\"finish_reason\":\"stop\"}]}");
        answer.data("{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}");
        answer.data("[DONE]");
        answer.end();
    }

    @Test
    void theTokensLieBesideTheShardsAndAreBoughtOnce() throws IOException {
        Dialect asking = Dialect.named("vllm").asking(new Asked(Switch.AUTO, Optional.empty(), 2));
        try (ScriptedServer server = new ScriptedServer(HarvestTokensIT::speak)) {
            harvest(config(server, asking), 2);
            check(2);
            // three prompts in the place of two: the files are made anew, of what the ledger has
            assertThat(harvest(config(server, asking), 3).requests()).isEqualTo(1);
            check(3);
        }
    }

    private void check(int traces) throws IOException {
        List<String> ids = new ArrayList<>();
        TokenFolder.in(folder).forEach(row -> {
            ids.add(row.traceId());
            checkTokens(row);
        });
        assertThat(ids)
                .hasSize(traces)
                .isEqualTo(traces().stream().map(Trace::id).toList());
    }

    private static void checkTokens(TeacherTokens row) {
        List<SaidTokens.Token> tokens = row.tokens().tokens();
        assertThat(tokens)
                .extracting(token -> new String(token.bytes(), StandardCharsets.UTF_8))
                .containsExactly("why", "so");
        assertThat(tokens)
                .extracting(SaidTokens.Token::part)
                .containsExactly(SaidTokens.Part.REASONING, SaidTokens.Part.ANSWER);
        assertThat(tokens.getFirst().likeliest()).hasSize(2);
    }

    @Test
    void aTraceSaysThatItsReasoningIsASummary() throws IOException {
        Dialect anthropic = Dialect.named("anthropic");
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            answer.stream();
            answer.data(
                    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"why\"}}");
            answer.data(
                    "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"so\"}}");
            answer.data(
                    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}");
            answer.data("{\"type\":\"message_stop\"}");
            answer.end();
        })) {
            harvest(config(server, anthropic), 1);
        }
        Trace trace = traces().getFirst();
        assertThat(trace.reasoning()).isEqualTo("why");
        assertThat(trace.verdicts()).containsExactly(Verdict.fail("whole-reasoning", "summary"));
        assertThat(dev.distill.data.shard.Manifest.read(folder).settings())
                .containsEntry("teacher.reasoning", "summary")
                .containsEntry("teacher.dialect", "anthropic");
    }
}
