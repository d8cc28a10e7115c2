package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The logits of SmolLM2-135M and Qwen2.5-Coder-0.5B in each type that we compute in, against those of transformers in float32. How far the
 * coarser types may be off is measured by how far transformers itself is with the same rounding. Python computes its part when the test runs, see
 * {@link Peers}; a minute or two and at most 6 GB on two cores that have nothing else to do.
 */
@Tag("slow")
final class RealModelLogitsTest {
    private static final List<String> TEXTS = List.of(
            "The derivative of x^3 - 2x is 3x^2 - 2. Setting it to zero gives x = sqrt(2/3), about 0.816.",
            "def mean(values):\n    \"\"\"Average of a non-empty list.\"\"\"\n    return sum(values) / len(values)\n",
            "Über den Wolken 空の上 \uD83D\uDE80 naïve façade, 1234567890!",
            "Question: A bus has 42 seats, and a third of them are taken. At the next stop 9 people get on and 4 get off. How many"
                    + " seats are free now?\nAnswer: A third of 42 is 42 / 3 = 14, so 14 seats are taken. After the stop 14 + 9 - 4"
                    + " = 19 are taken, and 42 - 19 = 23 seats are free.\n",
            "Rivers carry sand and clay to the sea. Where the current slows down, the heavy grains sink first, then the fine ones,"
                    + " and over thousands of years the layers become a delta, with soil that feeds whole countries.");

    /** The project's bar for FLOAT: of the largest logit. */
    private static final double FLOAT_TOLERANCE = 2e-4;

    /**
     * BFLOAT16 may be so many times as far off as transformers' bfloat16, and INT8 as PyTorch's float32 with factors of eight bits. The same
     * factors are rounded in the same way; what transformers also rounds in bfloat16 (norms, softmax, the residual stream, rotary angles) we do
     * not, so there is room for another order of sums, and for what else is BFLOAT16 in our INT8.
     */
    private static final double OF_THE_PEER = 1.5;

    /** The mean loss may rise by so much in INT8; more than twice what was measured, and far less than the damage of a wrong scale. */
    private static final double INT8_LOSS = 0.02;

    /** The same token is likeliest in INT8 in at least this share of the positions; the others are near ties. */
    private static final double INT8_GREEDY = 0.85;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"smollm2-135m", "qwen2.5-0.5b"})
    void logitsAreThoseOfTransformers(String name) throws Exception {
        Path model = Peers.model(name);
        List<PackedRow> rows = compute(model);
        try (Arena arena = Arena.ofConfined();
                StoredWeights stored = StoredWeights.open(model)) {
            int vocabulary = stored.config().vocabulary();
            Logits exact = Logits.map(folder.resolve("logits-float32.f32"), vocabulary, arena);
            LogitDifference peerInHalves = ofPeer("bfloat16", rows, exact, arena);
            report(name, "transformers in bfloat16", peerInHalves);
            LogitDifference peerInBytes = ofPeer("int8", rows, exact, arena);
            report(name, "transformers with factors of eight bits", peerInBytes);

            LogitDifference inFloat = difference(stored, Compute.FLOAT, DType.FLOAT, rows, exact);
            report(name, "FLOAT", inFloat);
            assertThat(inFloat.largest()).isLessThanOrEqualTo(FLOAT_TOLERANCE);
            assertThat(inFloat.greedy()).isOne();

            assumeTrue(NativeChoice.hasEightBitProducts(), "no VNNI, or no ND4J with oneDNN: FLOAT alone was compared");
            LogitDifference inHalves = difference(stored, Compute.BFLOAT16, DType.BFLOAT16, rows, exact);
            report(name, "BFLOAT16", inHalves);
            assertAnotherArithmetic(inHalves);
            assertWithin(inHalves, peerInHalves);

            for (DType floating : List.of(DType.FLOAT, DType.BFLOAT16)) {
                LogitDifference inBytes = difference(stored, Compute.INT8, floating, rows, exact);
                report(name, "INT8 with " + floating, inBytes);
                assertAnotherArithmetic(inBytes);
                assertWithin(inBytes, peerInBytes);
                assertThat(Math.abs(inBytes.loss())).isLessThanOrEqualTo(INT8_LOSS);
                assertThat(inBytes.greedy()).isGreaterThanOrEqualTo(INT8_GREEDY);
            }
        }
    }

    /** Has Python compute the logits. Returns the texts as it tokenised them. */
    private List<PackedRow> compute(Path model) throws IOException, InterruptedException {
        ObjectNode request = new ObjectMapper().createObjectNode().put("model", model.toString());
        TEXTS.forEach(request.putArray("texts")::add);
        Peers.run(folder, request);
        List<PackedRow> rows = new ArrayList<>();
        for (JsonNode text :
                new ObjectMapper().readTree(folder.resolve("ids.json").toFile())) {
            rows.add(PackedRow.nextToken(Fixture.ids(text)));
        }
        return rows;
    }

    private static LogitDifference difference(
            StoredWeights stored, Compute compute, DType floating, List<PackedRow> rows, Logits exact)
            throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        LogitDifference difference = new LogitDifference();
        try (Ops ops = new CpuOps(threads, compute, floating);
                ModelWeights weights = ModelWeights.load(stored.config(), stored, ops, ModelWeights.Use.INFERENCE);
                Decoder decoder = new Decoder(ops, weights)) {
            for (PackedRow row : rows) {
                int first = difference.positions();
                decoder.forEachLogits(
                        row,
                        (n, logits_V) -> difference.add(exact.row(first + n), logits_V.toArray(), row.targets_N()[n]));
            }
        }
        assertThat(difference.positions()).isEqualTo(exact.rows());
        return difference;
    }

    private LogitDifference ofPeer(String type, List<PackedRow> rows, Logits exact, Arena arena) throws IOException {
        Logits logits = Logits.map(folder.resolve("logits-" + type + ".f32"), exact.vocabulary, arena);
        LogitDifference difference = new LogitDifference();
        for (PackedRow row : rows) {
            for (int target : row.targets_N()) {
                int at = difference.positions();
                difference.add(exact.row(at), logits.row(at), target);
            }
        }
        return difference;
    }

    private static void assertWithin(LogitDifference difference, LogitDifference peer) {
        assertThat(difference.largest()).isLessThanOrEqualTo(OF_THE_PEER * peer.largest());
        assertThat(difference.divergence()).isLessThanOrEqualTo(OF_THE_PEER * peer.divergence());
    }

    private static void assertAnotherArithmetic(LogitDifference difference) {
        assertThat(difference.largest()).isGreaterThan(FLOAT_TOLERANCE);
    }

    /** A file of little-endian floats [positions of all texts, V]. */
    private record Logits(MemorySegment values, int vocabulary) {
        private static final ValueLayout.OfFloat FLOAT =
                ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

        static Logits map(Path file, int vocabulary, Arena arena) throws IOException {
            try (FileChannel channel = FileChannel.open(file)) {
                return new Logits(channel.map(FileChannel.MapMode.READ_ONLY, 0, Files.size(file), arena), vocabulary);
            }
        }

        float[] row(int at) {
            long bytes = (long) vocabulary * Float.BYTES;
            return values.asSlice(at * bytes, bytes).toArray(FLOAT);
        }

        int rows() {
            return Math.toIntExact(values.byteSize() / Float.BYTES / vocabulary);
        }
    }

    private static void report(String model, String what, LogitDifference difference) {
        System.out.println(model + ", " + what + ": " + difference);
    }
}
