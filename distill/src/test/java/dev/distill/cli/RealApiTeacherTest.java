package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.data.pack.Sample;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.trace.Message;
import dev.distill.respond.Student;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.TeacherRows;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.pace.Backoff;
import dev.distill.teacher.score.ScoringClient;
import dev.distill.teacher.wire.HttpScorer;
import dev.distill.teacher.wire.Patience;
import dev.distill.train.teach.ApiVoice;
import dev.distill.train.teach.TeacherVoice;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * llama.cpp's Python server as a teacher against this engine on the same file: what it says at each place of a conversation, aligned on characters, is
 * what the model says here, but for how each rounds. SmolLM2's template begins with its beginning of sequence, Qwen's does not, which that server treats
 * in two ways.
 */
@Tag("slow")
class RealApiTeacherTest {
    private static final String KEY = "sk-" + "a-key-for-the-loopback-alone";
    private static final int K = 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"SmolLM2-135M-Instruct.Q4_1.gguf", "qwen2.5-0.5b-q4.gguf"})
    void theServerSaysWhatTheModelSaysHere(String file) throws IOException, InterruptedException {
        Path peers = Path.of(System.getProperty("distill.peers", "DIR"));
        Path model = peers.resolve("models/gguf").resolve(file);
        Path python = peers.resolve("venv/bin/python");
        assumeTrue(
                Files.exists(model) && Files.exists(python),
                "skipped, for want of " + model + " or " + python + ": give -Ddistill.peers");
        List<String> options = List.of("--logits_all", "true", "--n_ctx", "512");
        try (LlamaServer server = LlamaServer.start(python, model, KEY, folder.resolve("server.log"), options);
                Ops ops = new CpuOps();
                Student here = Student.open(model, null, ops);
                ScoringClient client = new ScoringClient(
                        new HttpScorer(URI.create(server.url()), "m", ApiKey.of(KEY), Patience.DEFAULT),
                        file,
                        Backoff.DEFAULT,
                        3,
                        1)) {
            String text = here.language()
                    .renderer()
                    .prompt(
                            List.of(
                                    Message.user("What is 17 + 25? \u00bfY en espa\u00f1ol? \u2192"),
                                    Message.assistant("17 + 25 = 42. En espa\u00f1ol: \u00abcuarenta y dos\u00bb."),
                                    Message.user("Thank you! Now write one sentence about the sea.")),
                            false);
            int[] ids = here.language().tokenizer().encode(text);
            Sample sample = new Sample("text", ids, List.of(new Sample.Span(1, ids.length)));
            ApiVoice voice = new ApiVoice(
                    client, here.language().tokenizer(), here.config().vocabulary(), K);
            SparseDistributions told = voice.read(List.of(new TeacherVoice.Written(List.of(), sample, false)))
                    .getFirst();
            compare(file, told, here.model().likeliest(PackedRow.nextToken(ids), K, 1));
        }
    }

    private static void compare(String file, SparseDistributions told, TeacherRows here) {
        int[] ids = new int[K];
        float[] logProbabilities = new float[K];
        int named = 0;
        int same = 0;
        double difference = 0;
        for (int n = 0; n + 1 < here.rows(); n++) {
            told.copy(n, ids, logProbabilities, 0);
            if (ids[0] != SparseDistributions.NONE) {
                named++;
                if (ids[0] == here.id(n, 0)) {
                    same++;
                    difference += Math.abs(logProbabilities[0] - here.logProbability(n, 0));
                }
            }
        }
        System.out.printf(
                "%s: of %d places %d named, %d with the same likeliest token, whose log-probability differs by %.4f in the mean%n",
                file, here.rows() - 1, named, same, difference / same);
        assertThat(named).isGreaterThan(here.rows() * 8 / 10);
        assertThat(same).isGreaterThan(named * 9 / 10);
        assertThat(difference / same).isLessThan(0.1);
    }
}
