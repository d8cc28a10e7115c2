package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.RowWriter;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
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

    /** A word with the space before it, a digit, or signs: where these begin a token of the student's does, for the most part. */
    private static final Pattern PIECE = Pattern.compile(" ?\\\\?[A-Za-z]+| ?\\d|\\s?[^\\sA-Za-z\\d]+");

    /** A harvest's tokens: each was all but certain. */
    private static void tell(Path curated, Path harvest) throws IOException {
        try (TraceReader traces = TraceReader.open(curated);
                RowWriter<TeacherTokens> writer = TokenFolder.of(harvest).replace()) {
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
        PIECE.matcher(text)
                .results()
                .forEach(piece -> tokens.token(part, piece.group().getBytes(StandardCharsets.UTF_8), -0.01f));
    }

    private static long pieces(Trace trace) {
        return PIECE.matcher(Objects.requireNonNull(trace.reasoning()))
                        .results()
                        .count()
                + PIECE.matcher(trace.answer()).results().count();
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
        Map<String, Long> pieces = new HashMap<>();
        try (TraceReader traces = TraceReader.open(curated)) {
            traces.forEachRemaining(trace -> pieces.put(trace.id(), pieces(trace)));
        }
        long[] counts = {0, 0};
        new DistributionFolder(root.resolve("train/teacher")).forEach(null, row -> {
            counts[0] += named(row.distributions());
            counts[1] += Objects.requireNonNull(pieces.get(row.traceId()));
        });
        assertThat(counts[1]).isGreaterThan(200);
        assertThat((double) counts[0]).isBetween(0.8 * counts[1], 1.0 * counts[1]);
    }

    /** Places of which something is expected. */
    private static int named(SparseDistributions told) {
        int[] ids = new int[4];
        float[] logProbabilities = new float[4];
        int named = 0;
        for (int place = 0; place < told.places(); place++) {
            told.copy(place, ids, logProbabilities, 0);
            named += ids[0] == SparseDistributions.NONE ? 0 : 1;
        }
        return named;
    }
}
