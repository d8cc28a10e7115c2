package dev.distill.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.bench.TrainBench;
import dev.distill.bench.UsefulFlops;
import dev.distill.data.journal.AtomicFile;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.cpu.MatmulProbe;
import dev.distill.student.ops.cpu.TileSize;
import dev.distill.student.ops.nd4j.Processor;
import dev.distill.student.tensor.DType;
import dev.distill.train.Computing;
import dev.distill.train.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a training computes with. It is settled once, when the training begins, and kept beside its checkpoints: one that goes on takes it from
 * there, never from a new look at the machine, and so comes to the same bits.
 */
final class TrainCompute {
    private static final Logger LOG = LoggerFactory.getLogger(TrainCompute.class);
    private static final String FILE = "compute.json";

    /** Weights below which {@code auto} stays with FLOAT: the products of so small a model are too small for another type to pay. */
    private static final long SMALL = 30_000_000;

    private TrainCompute() {}

    /** The choice of a training that has begun in this folder, or a new one, which {@link #keep} writes there. */
    static Computing settle(TrainPart.Compute wanted, ModelConfig model, Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        return Files.exists(file)
                ? read(file)
                : choose(wanted, model, Runtime.getRuntime().availableProcessors());
    }

    /** What this training computes with from now on; a choice that is there stays. */
    static void keep(Computing chosen, Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.exists(file)) {
            return;
        }
        Files.createDirectories(folder);
        AtomicFile.write(
                file,
                new ObjectMapper()
                        .createObjectNode()
                        .put("compute", chosen.type().name())
                        .put("floating", chosen.floating().name())
                        .put("threads", chosen.threads())
                        .put("isa", Processor.here().isa())
                        .put("tile", TileSize.here().toString())
                        .toPrettyString());
    }

    private static Computing read(Path file) throws IOException {
        JsonNode kept = new ObjectMapper().readTree(file.toFile());
        warnIfOther(
                "on another kind of processor",
                kept.path("isa"),
                Processor.here().isa());
        warnIfOther(
                "with tiles of another size", kept.path("tile"), TileSize.here().toString());
        try {
            return new Computing(
                    Compute.valueOf(kept.path("compute").asText()),
                    DType.valueOf(kept.path("floating").asText()),
                    kept.path("threads").asInt());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file + ": needs compute (FLOAT, BFLOAT16 or INT8), floating (FLOAT or BFLOAT16) and threads, got "
                            + kept + "; it is what the training began with: restore it, or train in another folder",
                    e);
        }
    }

    private static void warnIfOther(String how, JsonNode began, String here) {
        if (!began.asText(here).equals(here)) {
            LOG.warn(
                    "train: it began {} ({}) than here ({}); it goes on, but rounds otherwise: for the same bits go on there",
                    how,
                    began.asText(),
                    here);
        }
    }

    /** Compares what a training does with the rate of products that was measured on this machine. */
    static Meter meter(Computing computing, ModelConfig model, TrainPart.Mode mode) {
        UsefulFlops flops = UsefulFlops.of(
                model,
                switch (mode) {
                    case FULL -> TrainBench.Mode.FULL;
                    case LORA -> TrainBench.Mode.LORA;
                    case QLORA -> TrainBench.Mode.QLORA;
                });
        double gflops = new MatmulProbe(computing.threads())
                .rates()
                .of(computing.type())
                .orElse(Double.NaN);
        return new Meter(flops::perRow, gflops);
    }

    /** What is wanted here, on so many threads. */
    static Computing choose(TrainPart.Compute wanted, ModelConfig model, int threads) {
        return switch (wanted) {
            case FLOAT -> Computing.of(Compute.FLOAT, threads);
            case BFLOAT16 -> Computing.of(Compute.BFLOAT16, threads);
            case INT8 -> Computing.of(Compute.INT8, threads);
            case AUTO ->
                Computing.of(
                        model.parameterCount() < SMALL
                                ? Compute.FLOAT
                                : Computing.fastest(threads).type(),
                        threads);
        };
    }
}
