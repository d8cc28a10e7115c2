package dev.distill.student.weights;

import dev.distill.student.model.ConfigJson;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ParameterSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a model folder, {@code config.json} and {@code model.safetensors} in BF16, of weights that nobody trained: for
 * measuring speed and memory, which do not ask what the weights are. Nothing of it is ever whole in memory.
 *
 * <p>The config comes last, so that a folder that has one is complete. Nothing is synced: what a crash of the machine spoils
 * is made again.
 */
public final class UntrainedModel {
    private static final String CONFIG = "config.json";

    private UntrainedModel() {}

    /** What the weights are. */
    public sealed interface Filling {
        /** Zeros that take no room on the disk: the file is one hole behind its header. */
        record Zeros() implements Filling {}

        /**
         * Matrices normal with this deviation, norms one, biases zero. The same seed gives the same file.
         *
         * @param deviation standard deviation; 0.02 is what GPT-2, Qwen2 and Llama begin with
         */
        record Normal(double deviation, long seed) implements Filling {}
    }

    /** Whether this folder holds a whole model. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(CONFIG));
    }

    /** Writes a model of this shape into this folder, which is made if need be. */
    public static void write(Path folder, ModelConfig config, Filling filling) throws IOException {
        Files.createDirectories(folder);
        List<TensorEntry> entries = layout(config);
        Path temporary = folder.resolve(".model.safetensors.tmp");
        try {
            try (RandomAccessFile file = new RandomAccessFile(temporary.toFile(), "rw")) {
                byte[] header = SafetensorsWriter.header(entries, Map.of("format", "pt"));
                ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                file.setLength(0);
                file.write(length.putLong(header.length).array());
                file.write(header);
                long data = file.getFilePointer();
                file.setLength(data + entries.getLast().end());
                fill(file.getChannel(), data, entries, filling);
            }
            Files.move(
                    temporary,
                    folder.resolve("model.safetensors"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        Files.writeString(
                folder.resolve(CONFIG), ConfigJson.write(config, "bfloat16").toPrettyString() + "\n");
    }

    private static void fill(FileChannel channel, long data, List<TensorEntry> entries, Filling filling)
            throws IOException {
        switch (filling) {
            case Filling.Zeros zeros -> {}
            case Filling.Normal normal -> new NormalFiller(normal).fill(channel, data, entries);
        }
    }

    /** One behind the other, in the order of the forward pass. */
    private static List<TensorEntry> layout(ModelConfig config) {
        List<TensorEntry> entries = new ArrayList<>();
        long begin = 0;
        for (ParameterSpec spec : config.parameters()) {
            long end = begin + spec.size() * StorageType.BF16.bytes();
            List<Long> shape = spec.shape().stream().map(Integer::longValue).toList();
            entries.add(new TensorEntry(spec.name(), StorageType.BF16, shape, begin, end));
            begin = end;
        }
        return entries;
    }
}
