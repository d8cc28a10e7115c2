package dev.distill.train.watch;

import dev.distill.respond.Student;
import dev.distill.train.TrainListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** All that is told of a training in its folder, beside {@code metrics.jsonl}. Closed when the training is over. */
public final class Watchers implements AutoCloseable {
    private final TensorBoardLog tensorBoard;
    private final TrainListener all;

    /**
     * @param folder of the training
     * @param student that is trained, for the samples
     * @param caller hears of everything too, first of all
     * @param stop once true, samples under way are broken off
     */
    public Watchers(Path folder, Student student, SamplePrompts asked, TrainListener caller, BooleanSupplier stop) {
        this.tensorBoard = new TensorBoardLog(folder.resolve("tensorboard"), InstantSource.system());
        List<TrainListener> listeners = new ArrayList<>(List.of(
                caller,
                new BegunFile(folder.resolve("begun.json")),
                new Bystander("tensorboard/", tensorBoard),
                new FlightRecorderLog()));
        if (!asked.prompts().isEmpty()) {
            TrainListener others = TrainListener.all(listeners);
            SampleLog samples = new SampleLog(folder.resolve("samples.jsonl"), student, asked, others, stop);
            listeners.add(new Bystander("samples.jsonl", samples));
        }
        this.all = TrainListener.all(listeners);
    }

    public TrainListener listener() {
        return all;
    }

    @Override
    public void close() throws IOException {
        tensorBoard.close();
    }
}
