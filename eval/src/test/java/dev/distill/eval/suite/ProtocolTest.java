package dev.distill.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.eval.task.Responder.Decoding;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProtocolTest {
    static List<String> names() {
        return Protocol.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyOneOfOurOwnIsValidAndNamesOurTasksAlone(String name) {
        Protocol protocol = Protocol.of(name);
        assertThat(protocol.source()).hasSizeGreaterThan(20);
        assertThat(TaskFile.builtIn()).containsAll(protocol.samplesOf().keySet());
        assertThat(TaskFile.builtIn()).containsAll(protocol.tokensOf().keySet());
    }

    @Test
    void r1LeavesTheSamplesToTheTask() throws IOException {
        Protocol r1 = Protocol.of("r1");
        assertThat(r1.system()).isNull();
        assertThat(r1.decoding(TaskFile.of("aime24"), 7)).isEqualTo(new Decoding(64, 0.6, 0.95, 0, 32_768, 7));
        assertThat(Protocol.of("r1-supplement")
                        .decoding(TaskFile.of("math-500"), 0)
                        .samples())
                .isEqualTo(16);
    }

    @Test
    void greedyAsksOnce() throws IOException {
        assertThat(Protocol.of("greedy").decoding(TaskFile.of("aime24"), 0)).isEqualTo(Decoding.greedy(32_768));
    }

    @Test
    void qwen3GivesAimeMoreTokens() throws IOException {
        assertThat(Protocol.of("qwen3").decoding(TaskFile.of("aime25"), 0))
                .isEqualTo(new Decoding(64, 0.6, 0.95, 20, 38_912, 0));
        assertThat(Protocol.of("qwen3").decoding(TaskFile.of("codeforces"), 0).samples())
                .isEqualTo(8);
        assertThat(Protocol.of("qwen3").decoding(TaskFile.of("gsm8k"), 0).maxNewTokens())
                .isEqualTo(32_768);
    }

    /** open-r1's README ("Reproducing Deepseek's evaluation results"), and lighteval 0.9.2's metrics of up to so many answers. */
    @Test
    void lightevalDrawsWhatOpenR1Has() throws IOException {
        Protocol lighteval = Protocol.of("lighteval");
        assertThat(lighteval.decoding(TaskFile.of("math-500"), 0)).isEqualTo(new Decoding(4, 0.6, 0.95, 0, 32_768, 0));
        assertThat(lighteval.decoding(TaskFile.of("gpqa-diamond"), 0).samples()).isEqualTo(8);
        assertThat(lighteval.decoding(TaskFile.of("gsm8k"), 0).samples()).isEqualTo(1);
    }

    /** {@code max_gen_toks} of lm_eval/tasks at commit 4e7e0d47, and 256 of lm_eval/models where a task has none. */
    @Test
    void lmEvalCutsWhereItsTasksDo() throws IOException {
        Protocol harness = Protocol.of("lm-eval");
        assertThat(harness.decoding(TaskFile.of("ifeval"), 0)).isEqualTo(Decoding.greedy(1_280));
        assertThat(harness.decoding(TaskFile.of("mmlu-pro"), 0).maxNewTokens()).isEqualTo(2_048);
        assertThat(harness.decoding(TaskFile.of("aime25"), 0).maxNewTokens()).isEqualTo(32_768);
        assertThat(harness.decoding(TaskFile.of("gsm8k"), 0).maxNewTokens()).isEqualTo(256);
    }

    @Test
    void simpleEvalsHasASystemPrompt() {
        assertThat(Protocol.of("simple-evals").system()).isEqualTo("You are a helpful assistant.");
    }

    @Test
    void oneThatIsWrongSaysEverything() {
        assertThatThrownBy(() -> Protocol.parse("mine", "temperature: hot\ntop_p: 1\n"))
                .hasMessageContaining("source: is missing")
                .hasMessageContaining("temperature: must be a number from 0.0 to 10.0; got hot")
                .hasMessageContaining("top_p: there is no such key; did you mean top-p?");
        assertThatThrownBy(() -> Protocol.of("r2")).hasMessageContaining("did you mean r1?");
    }
}
