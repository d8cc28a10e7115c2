package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.SaidTokens;
import dev.distill.data.shard.SaidTokens.Part;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.shard.TeacherTokens;
import dev.distill.data.shard.TokenFolder;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Trace;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.train.SampleMaker.Objective;
import dev.distill.train.TrainResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that learns what the teacher expected while its traces were harvested. */
class HarvestedTeacherIT {
    private static final Ops OPS = new CpuOps();
    private static final int TRACES = 24;

    @TempDir
    static Path root;

    @AfterAll
    static void close() {
        OPS.close();
    }

    /** A harvest's tokens: the texts in pieces of two characters, each of which was all but certain. */
    private static void tell(Path curated, Path harvest) throws IOException {
        try (TraceReader traces = TraceReader.open(curated);
                TokenFolder.Writer writer = TokenFolder.of(harvest).replace()) {
            while (traces.hasNext()) {
                Trace trace = traces.next();
                SaidTokens.Builder tokens = new SaidTokens.Builder();
                pieces(tokens, Part.REASONING, Objects.requireNonNull(trace.reasoning()));
                pieces(tokens, Part.ANSWER, trace.answer());
                writer.write(new TeacherTokens(trace.id(), Objects.requireNonNull(tokens.build())));
            }
            writer.finish();
        }
    }

    private static void pieces(SaidTokens.Builder tokens, Part part, String text) {
        for (int at = 0; at < text.length(); at += 2) {
            String piece = text.substring(at, Math.min(text.length(), at + 2));
            tokens.token(part, piece.getBytes(StandardCharsets.UTF_8), -0.01f);
        }
    }

    private static TrainResult train(Path curated, Map<String, String> options) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(Map.ofEntries(
                Map.entry("name", "tiny"),
                Map.entry("student.shape.layers", "1"),
                Map.entry("student.shape.width", "16"),
                Map.entry("student.shape.heads", "2"),
                Map.entry("student.shape.kv-heads", "1"),
                Map.entry("student.shape.mlp-width", "32"),
                Map.entry("student.shape.vocabulary", "300"),
                Map.entry("student.shape.max-positions", "512"),
                Map.entry("train.steps", "4"),
                Map.entry("train.learning-rate", "2e-2"),
                Map.entry("train.row-tokens", "400"),
                Map.entry("train.batch-samples", "8"),
                Map.entry("train.validation-samples", "4"),
                Map.entry("train.sample-prompts", "0"),
                Map.entry("train.compute", "float"),
                Map.entry("train.distill.top-k", "4")));
        all.putAll(options);
        return new TrainStage(Recipe.read(null, all), OPS, Objective.REASONING)
                .run(curated, root.resolve("train"), report -> {}, () -> false);
    }

    @Test
    void learnsFromAHarvestsFolder() throws IOException {
        Path curated = root.resolve("curate");
        Path harvest = root.resolve("harvest");
        CuratedFolder.write(curated, TRACES);
        tell(curated, harvest);
        assertThatThrownBy(() -> train(
                        curated,
                        Map.of("train.distill.distributions", harvest.toString(), "train.distill.temperature", "2")))
                .hasMessageContaining(
                        "train.distill.temperature: a harvest's probabilities are those of temperature 1");
        TrainResult result =
                train(curated, Map.of("train.distill.distributions", harvest.toString(), "train.distill.share", "1"));
        assertThat(result.reports().getLast().learning().teaching().divergence())
                .isLessThan(result.reports().get(1).learning().teaching().divergence());
        int[] places = {0, 0};
        new DistributionFolder(root.resolve("train/teacher")).forEach(null, row -> count(row.distributions(), places));
        // the student's tokens are single characters for the most part, so that every second one begins a piece
        assertThat(places[1]).isGreaterThan(places[0] / 3);
    }

    private static void count(SparseDistributions told, int[] places) {
        int[] ids = new int[4];
        float[] logProbabilities = new float[4];
        for (int place = 0; place < told.places(); place++) {
            told.copy(place, ids, logProbabilities, 0);
            places[0]++;
            places[1] += ids[0] == SparseDistributions.NONE ? 0 : 1;
        }
    }
}
