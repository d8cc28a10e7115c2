package dev.distill.bench;

import dev.distill.data.journal.Folders;
import dev.distill.data.tokenize.AddedToken;
import dev.distill.data.tokenize.BpeTrainer;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PublishedShapes;
import dev.distill.student.weights.UntrainedModel;
import dev.distill.student.weights.UntrainedModel.Filling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a model lies: a folder or file that is there already, or a folder that was made for the name of a shape.
 *
 * @param name as the user gave it
 * @param path of folder or file
 * @param madeInSeconds how long making or fetching it took; 0 where it was there
 * @param passing the folder that goes when this closes; null where nothing goes
 */
public record ModelFolder(
        String name,
        Path path,
        double madeInSeconds,
        @Nullable Path passing) implements AutoCloseable {
    private static final String END = "<|endoftext|>";
    private static final int BYTES = 256;

    /**
     * How the folder of a shape is made.
     *
     * @param sparse zeros in a file without blocks, in place of random numbers
     * @param work where it is made and stays, for the next time; null for a temporary folder
     * @param seed of the random numbers
     */
    public record Making(boolean sparse, @Nullable Path work, long seed) {}

    /**
     * The model of this name. What exists comes first; what neither exists nor is a shape is handed on as it is.
     *
     * @throws IllegalArgumentException if it is to be sparse and is no shape
     * @throws IOException if there is no room for it
     */
    public static ModelFolder of(String model, Making making) throws IOException {
        Optional<ModelConfig> shape = Files.exists(Path.of(model)) ? Optional.empty() : PublishedShapes.find(model);
        if (shape.isEmpty()) {
            if (making.sparse) {
                throw new IllegalArgumentException("sparse weights are made for the name of a shape; " + model
                        + " is none of " + PublishedShapes.names());
            }
            return new ModelFolder(model, Path.of(model), 0, null);
        }
        long begin = System.nanoTime();
        Path work = making.work;
        if (work != null) {
            Path folder = work.resolve(model + (making.sparse ? "-zeros" : "-" + making.seed));
            if (UntrainedModel.isIn(folder)) {
                return new ModelFolder(model, folder, 0, null);
            }
            make(folder, shape.get(), making);
            return new ModelFolder(model, folder, (System.nanoTime() - begin) / 1e9, null);
        }
        Path temporary = Files.createTempDirectory("distill-shape-");
        try {
            make(temporary.resolve(model), shape.get(), making);
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new ModelFolder(model, temporary.resolve(model), seconds, temporary);
        } catch (IOException | RuntimeException e) {
            Folders.delete(temporary);
            throw e;
        }
    }

    /** A tokenizer comes with it, whose ids are the bytes of a text in UTF-8: a shape has none of its own. */
    private static void make(Path folder, ModelConfig config, Making making) throws IOException {
        Files.createDirectories(folder);
        if (!making.sparse) {
            requireRoom(folder, 2 * config.parameterCount());
        }
        BpeTrainer.train(List.of(), BYTES + 1, List.of(AddedToken.special(END))).write(folder, END, END, null);
        Filling filling =
                making.sparse ? new Filling.Zeros() : new Filling.Normal(ModelWeights.STANDARD_DEVIATION, making.seed);
        UntrainedModel.write(folder, config, filling);
    }

    private static void requireRoom(Path folder, long bytes) throws IOException {
        long room = Files.getFileStore(folder).getUsableSpace();
        if (room < bytes) {
            throw new IOException(folder + ": random weights need " + (bytes >> 20) + " MiB, the disk has "
                    + (room >> 20) + "; name a folder on another one (--work) or take zeros (--sparse)");
        }
    }

    @Override
    public void close() throws IOException {
        if (passing != null) {
            Folders.delete(passing);
        }
    }

    /** What was made in a temporary folder: files in folders. */
}
