package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import dev.distill.student.layer.Parameter;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.LossSum;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import dev.distill.student.weights.SafetensorsWriter;
import dev.distill.student.weights.StorageType;
import dev.distill.student.weights.StoredWeights;
import dev.distill.student.weights.UntrainedModel;
import dev.distill.student.weights.WeightsFolder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WeightStreamTest {
    /** Four blocks; matrices of more than the 128 KiB that a page's alignment can take off both ends. */
    private static final ModelConfig MODEL = config(768, 256, new AttentionShape(8, 4, 32, false, false, false), 768);

    /** Four blocks of 36,864 weights and a head of three quarters of that. */
    private static final ModelConfig SMALL = config(432, 64, new AttentionShape(4, 2, 16, false, false, false), 128);

    private static final long BLOCK = 36_864 * 2;
    private static final PackedRow ROW = PackedRow.nextToken(
            new Random(20261127).ints(24, 0, SMALL.vocabulary()).toArray());

    @TempDir
    private Path folder;

    private static ModelConfig config(int vocabulary, int width, AttentionShape attention, int mlp) {
        return new ModelConfig(
                new Family.Llama(), vocabulary, width, 4, attention, mlp, Rope.of(10_000), 1e-5, false, 64, List.of(0));
    }

    private static Ops ops(Compute compute) {
        assumeTrue(compute == Compute.FLOAT || NativeChoice.hasHalfProducts(), "products of BFLOAT16 are needed");
        return new CpuOps(2, compute, compute == Compute.FLOAT ? DType.FLOAT : DType.BFLOAT16);
    }

    private interface Passes {
        void over(Decoder decoder) throws IOException;
    }

    /** Runs passes over the small model's file and closes it, so that the reader has done all that it was told. */
    private RecordedPages record(RecordedPages recorder, Passes passes) throws IOException {
        return record(recorder, LoraConfig.ALL_LINEAR, passes);
    }

    /** @param adapted which layers have an adapter that is trained */
    private RecordedPages record(RecordedPages recorder, String adapted, Passes passes) throws IOException {
        if (!Files.exists(folder.resolve("config.json"))) {
            UntrainedModel.write(folder, SMALL, new UntrainedModel.Filling.Normal(0.1, 5));
        }
        try (Ops ops = ops(Compute.BFLOAT16);
                StoredWeights stored = StoredWeights.open(folder);
                ModelWeights weights = ModelWeights.load(SMALL, stored, ops, ModelWeights.Use.FROZEN);
                Lora lora = Lora.create(new LoraConfig(1, 1, false, List.of(adapted), 3), SMALL)) {
            recorder.name(stored);
            try (Decoder decoder = new Decoder(ops, weights, lora, Decoder.Memory.RECOMPUTE, recorder)) {
                passes.over(decoder);
            }
        }
        return recorder;
    }

    @Test
    void aStepReadsTheNextStageUpwardsThenDownwardsAndLetsThoseBehindGo() throws IOException {
        // Room for two blocks that stay and a window of two: blocks 1 and 3 and the head are streamed.
        RecordedPages recorder = RecordedPages.withRoom(4 * BLOCK + BLOCK / 4);
        record(recorder, decoder -> {
            decoder.forwardBackward(ROW, 1);
            assertThat(decoder.streamedBlocks()).isEqualTo(2);
            decoder.forwardBackward(ROW, 1);
        });
        assertThat(recorder.stages())
                .containsExactly(
                        "scattered model.embed_tokens.weight",
                        "read 1", // while 0 is computed
                        "read 2", // stays from now on
                        "read 3",
                        "drop 1",
                        "read lm_head.weight",
                        "drop lm_head.weight", // on the way back, block 3 is still there
                        "read 1",
                        "drop 1", // the second step: 0, 1, 2 and 3 are there
                        "read lm_head.weight",
                        "drop lm_head.weight",
                        "read 1");
        assertThat(recorder.calls().stream().filter(call -> call.startsWith("read model.layers.3.")))
                .containsExactlyInAnyOrderElementsOf(SMALL.parameters().stream()
                        .filter(spec -> spec.isLinear() && spec.name().startsWith("model.layers.3."))
                        .map(spec -> "read " + spec.name())
                        .toList());
    }

    /** Where block 3 alone has something to train, the way back ends with it: block 1, which is streamed, is read once a step. */
    @Test
    void theWayBackEndsAtTheLowestTrainedBlock() throws IOException {
        RecordedPages recorder = RecordedPages.withRoom(4 * BLOCK + BLOCK / 4);
        record(recorder, "layers.3.mlp.up_proj", decoder -> {
            decoder.forwardBackward(ROW, 1);
            assertThat(decoder.streamedBlocks()).isEqualTo(2);
        });
        assertThat(recorder.stages())
                .startsWith("scattered model.embed_tokens.weight", "read 1", "read 2", "read 3", "drop 1")
                .contains("read lm_head.weight")
                .doesNotContain("drop 3");
    }

    @Test
    void passesThatOnlyGoForwardReadTheSameStagesEachTime() throws IOException {
        RecordedPages recorder = RecordedPages.withRoom(0); // nothing stays; a window is taken all the same
        record(recorder, decoder -> {
            decoder.loss(ROW);
            decoder.loss(ROW);
        });
        List<String> pass = List.of("read 1", "drop 0", "read 2", "drop 1", "read 3", "drop 2", "read lm_head.weight");
        List<String> next = List.of("drop 3", "read 1", "drop lm_head.weight", "read 2");
        assertThat(recorder.stages().subList(1, 8)).isEqualTo(pass);
        assertThat(recorder.stages().subList(8, recorder.stages().size())).containsAll(next);
    }

    @Test
    void whereTheWeightsFitNothingIsAskedOfTheSystem() throws IOException {
        long all = 4 * BLOCK + BLOCK * 3 / 4;
        Passes passes = decoder -> {
            decoder.forwardBackward(ROW, 1);
            decoder.loss(ROW);
            assertThat(decoder.streamedBlocks()).isZero();
        };
        assertThat(record(new RecordedPages(2 * all), passes).calls()).isEmpty();
        // From half of what is available on each pass looks again, and finds that they fit.
        assertThat(record(RecordedPages.withRoom(all), passes).calls())
                .containsExactly("scattered model.embed_tokens.weight");
        assertThat(record(RecordedPages.withRoom(all - 8), decoder -> decoder.forwardBackward(ROW, 1))
                        .calls())
                .contains("read lm_head.weight");
    }

    @Test
    @Timeout(300)
    void thePassDoesNotWaitForTheReaderNorClosingForWhatIsNoLongerWanted() throws IOException {
        RecordedPages endless = new RecordedPages(0) {
            @Override
            public void bringIn(MemorySegment region, BooleanSupplier wanted) {
                while (wanted.getAsBoolean()) {
                    LockSupport.parkNanos(100_000);
                }
                super.bringIn(region, wanted);
            }
        };
        record(
                endless,
                decoder -> assertThat(decoder.forwardBackward(ROW, 1).count()).isEqualTo(23));
        assertThat(endless.stages()).contains("read 1", "drop 1", "read 3");
    }

    /** What a step and a generation give, bit by bit. */
    private record Results(LossSum loss, List<String> gradients, List<Integer> tokens, int streamed) {}

    private Results results(Compute compute, Decoder.Memory memory, Pages pages) throws IOException {
        try (Ops ops = ops(compute);
                StoredWeights stored = StoredWeights.open(folder);
                ModelWeights weights = ModelWeights.load(MODEL, stored, ops, ModelWeights.Use.FROZEN);
                Lora lora = Lora.create(new LoraConfig(4, 8, false, List.of(LoraConfig.ALL_LINEAR), 3), MODEL);
                Decoder decoder = new Decoder(ops, weights, lora, memory, pages)) {
            long seed = 0;
            for (Parameter parameter : lora.parameters()) {
                TinyModels.randomise(parameter.value(), ++seed);
            }
            LossSum loss = decoder.forwardBackward(ROW, 0.1f);
            List<String> gradients = lora.parameters().stream()
                    .map(each -> Arrays.toString(
                            Objects.requireNonNull(each.gradient()).toArray()))
                    .toList();
            List<Integer> tokens = new ArrayList<>();
            try (Generator generator = new Generator(decoder, 1, 16)) {
                GenerationRequest request =
                        new GenerationRequest(0, new int[] {5, 6, 7}, Sampling.GREEDY, 0, 8, Set.of());
                generator.generate(List.of(request), (row, id, logProbability) -> tokens.add(id));
            }
            return new Results(loss, gradients, tokens, decoder.streamedBlocks());
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, KEEP", "FLOAT, RECOMPUTE", "BFLOAT16, KEEP", "BFLOAT16, RECOMPUTE"})
    void streamingChangesNoBit(Compute compute, Decoder.Memory memory) throws IOException {
        if (compute == Compute.FLOAT) {
            writeFloats(); // those of BF16 are widened to copies where they fit into memory
        } else {
            UntrainedModel.write(folder, MODEL, new UntrainedModel.Filling.Normal(0.1, 5));
        }
        Results whole = results(compute, memory, Pages.SYSTEM);
        RecordedPages tight = new RecordedPages.Tight(1 << 20);
        Results streamed = results(compute, memory, tight);
        assertThat(whole.streamed).isZero();
        assertThat(streamed.streamed).isEqualTo(4);
        assertThat(tight.calls()).hasSizeGreaterThan(100);
        assertThat(whole.tokens).hasSize(8);
        assertThat(streamed.loss).isEqualTo(whole.loss);
        assertThat(streamed.gradients).isEqualTo(whole.gradients);
        assertThat(streamed.tokens).isEqualTo(whole.tokens);
    }

    private void writeFloats() throws IOException {
        try (ModelWeights weights = ModelWeights.random(MODEL, 0.1, 5)) {
            List<SafetensorsWriter.Item> items = MODEL.parameters().stream()
                    .map(spec -> new SafetensorsWriter.Item(
                            spec.name(),
                            StorageType.F32,
                            spec.shape().stream().map(Integer::longValue).toList(),
                            sink -> sink.accept(weights.get(spec.name()).segment())))
                    .toList();
            WeightsFolder.write(folder, items, Map.of("format", "pt"), WeightsFolder.SHARD_BYTES);
        }
        Files.writeString(
                folder.resolve("config.json"),
                ConfigJson.write(MODEL, "float32").toPrettyString());
    }

    @Test
    void thoseThatDoNotStayAreSpreadOverTheModel() {
        long[] stages = LongStream.concat(LongStream.generate(() -> 10).limit(12), LongStream.of(25))
                .toArray();
        // All take 145. A window takes the head's 25 and a block's 10, so 35 + 8 blocks fit into 115 to 124.
        assertThat(StreamPlan.of(stages, 145)).isEqualTo(StreamPlan.NONE);
        assertThat(StreamPlan.of(stages, 124)).isEqualTo(new StreamPlan(Set.of(1, 4, 6, 9, 12), 35));
        assertThat(StreamPlan.of(stages, 115)).isEqualTo(StreamPlan.of(stages, 124));
        assertThat(StreamPlan.of(stages, 114).streamed())
                .as("the same and one more")
                .hasSize(6)
                .contains(1, 4, 6, 9, 12);
        assertThat(StreamPlan.of(stages, 144).streamed()).hasSize(3);
        assertThat(StreamPlan.of(stages, 0).streamed()).hasSize(13);
    }
}
