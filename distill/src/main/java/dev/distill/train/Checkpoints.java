package dev.distill.train;

import dev.distill.data.journal.Storage;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.weights.ExactTensors;
import dev.distill.student.weights.SafetensorsFile;
import dev.distill.student.weights.SafetensorsWriter.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a run: the trained weights, the optimizer's state and {@link TrainState}, each a {@link CheckpointFolder}.
 * They are written in the background from a {@link Snapshot}, one at a time, while the training goes on; one that cannot be
 * written stops it. For one thread.
 */
final class Checkpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

    private final Path run;
    private final RunIdentity identity;
    private final Storage storage;
    private final Retention retention;
    private final Snapshot snapshot = new Snapshot();
    private @Nullable Writing writing;
    private int saved = -1;

    private record Writing(TrainState state, FutureTask<CheckpointFolder> task) {}

    /**
     * @param run folder of the run
     * @param identity of data and settings; a checkpoint of another one is refused
     * @param retention which of them stay
     */
    Checkpoints(Path run, RunIdentity identity, Retention retention, Storage storage) {
        this.run = run;
        this.identity = identity;
        this.storage = storage;
        this.retention = retention;
    }

    /**
     * Puts the newest whole checkpoint into the optimizer; one that is damaged is passed over and left as it is, with a warning. What was never
     * finished is removed.
     *
     * @return where the run was then; {@link TrainState#START} where there is no checkpoint
     * @throws IllegalArgumentException if it belongs to another run, if another version of this program wrote it, or if there are checkpoints and
     *     none of them is whole
     */
    TrainState restore(Optimizer optimizer) throws IOException {
        CheckpointFolder.halfWritten(run).forEach(this::remove);
        @Nullable CheckpointFolder newest = null;
        TrainState state = TrainState.START;
        List<String> damaged = new ArrayList<>();
        for (CheckpointFolder folder : CheckpointFolder.all(run)) {
            if (!folder.isFinished()) {
                remove(folder); // this was begun, or half removed, when the last process ended
                continue;
            }
            // hashes are compared up to the one that is taken: those before it are read only if it goes
            Optional<String> damage = newest == null ? folder.damage() : Optional.empty();
            Optional<CheckpointFolder.Trainer> trainer = damage.isEmpty() ? folder.trainer() : Optional.empty();
            if (trainer.isEmpty()) {
                String what = folder.path() + ": " + damage.orElse("its trainer.json cannot be read");
                LOG.warn("{}; it is left as it is", what);
                damaged.add(what);
                continue;
            }
            retention.add(trainer.get().state());
            if (newest == null) {
                newest = folder;
                requireSame(folder, trainer.get().identity());
                state = trainer.get().state();
                fill(optimizer, folder, state);
            }
        }
        if (newest == null && !damaged.isEmpty()) {
            throw new IllegalArgumentException("train: there are checkpoints, and none of them is whole: "
                    + String.join("; ", damaged)
                    + ". Put their files back as they were, or move the checkpoints away to begin anew");
        }
        return state;
    }

    /** Puts the checkpoint of this very step into the optimizer; empty where there is no whole one. */
    Optional<TrainState> restore(int step, Optimizer optimizer) throws IOException {
        CheckpointFolder folder = CheckpointFolder.of(run, step);
        if (!folder.isFinished() || folder.damage().isPresent()) {
            return Optional.empty();
        }
        Optional<TrainState> state = folder.trainer().map(CheckpointFolder.Trainer::state);
        if (state.isPresent()) {
            fill(optimizer, folder, state.get());
        }
        return state;
    }

    /** The step of the best checkpoint on the disk; empty where none was measured. */
    OptionalInt best() {
        return retention.bestStep();
    }

    private void fill(Optimizer optimizer, CheckpointFolder folder, TrainState state) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(folder.state())) {
            for (Map.Entry<String, Tensor> entry : optimizer.state().entrySet()) {
                ExactTensors.restore(file, entry.getKey(), entry.getValue());
            }
        }
        optimizer.resumeAt(state.updates());
        saved = state.step();
    }

    private void requireSame(CheckpointFolder folder, RunIdentity found) {
        List<String> differences = identity.differencesFrom(found);
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException(folder.path() + ": this checkpoint belongs to a run with other data or"
                    + " settings; " + String.join("; ", differences) + ". Put that back as it was, give the run another"
                    + " folder, or move the checkpoints away");
        }
    }

    /**
     * Refuses a run whose checkpoints would not find room on the disk.
     *
     * @throws CheckpointException if so
     */
    void requireRoom(Optimizer optimizer) throws IOException {
        long bytes = Snapshot.bytes(items(optimizer));
        long free = Files.getFileStore(run).getUsableSpace();
        int missing = Math.max(1, retention.most() - retention.count());
        if (free / missing < bytes) {
            throw new CheckpointException(
                    "train: " + run
                            + ": %d more checkpoints of %d MiB need room there, and %d MiB are free"
                                    .formatted(missing, (bytes >> 20) + 1, free >> 20)
                            + "; make room, keep fewer (train.keep-checkpoints), or let the run lie on another disk",
                    null);
        }
    }

    /**
     * Begins to save this state; once the one before is on the disk, for there is one snapshot. A state that is saved
     * already is left so.
     */
    void save(TrainState state, Optimizer optimizer, TrainListener listener) throws IOException {
        settle(listener);
        if (saved == state.step()) {
            return;
        }
        List<Item> items = items(optimizer);
        boolean inBackground = Snapshot.fits(Snapshot.bytes(items));
        List<Item> source = inBackground ? snapshot.take(items) : items;
        FutureTask<CheckpointFolder> task = new FutureTask<>(() -> write(state, source));
        writing = new Writing(state, task);
        if (inBackground) {
            Thread.ofPlatform().name("distill-checkpoint").daemon().start(task);
        } else {
            task.run();
        }
    }

    private CheckpointFolder write(TrainState state, List<Item> items) throws IOException {
        CheckpointFolder folder = CheckpointFolder.of(run, state.step());
        folder.write(storage, items, new CheckpointFolder.Trainer(identity, state));
        return folder;
    }

    private static List<Item> items(Optimizer optimizer) {
        return optimizer.state().entrySet().stream()
                .flatMap(entry -> ExactTensors.items(entry.getKey(), entry.getValue()).stream())
                .toList();
    }

    /** Takes note of a checkpoint that is written by now, without waiting. */
    void poll(TrainListener listener) {
        if (writing != null && writing.task.isDone()) {
            settle(listener);
        }
    }

    /**
     * Waits for the checkpoint that is being written, if one is.
     *
     * @throws CheckpointException if it could not be written
     */
    void settle(TrainListener listener) {
        Writing begun = writing;
        if (begun == null) {
            return;
        }
        writing = null;
        try {
            CheckpointFolder folder = begun.task.get();
            saved = begun.state.step();
            retention.add(begun.state);
            prune();
            listener.checkpoint(saved, folder.path());
        } catch (ExecutionException e) {
            throw failure("the checkpoint of step " + begun.state.step(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CheckpointException("train: interrupted while a checkpoint was being written", e);
        }
    }

    /** What stops a run whose files cannot be written. */
    CheckpointException failure(String what, @Nullable Throwable cause) {
        String kept = saved < 0
                ? "no checkpoint is there, and the same command begins anew"
                : CheckpointFolder.of(run, saved).path() + " is whole, and the same command goes on from there";
        String reason = cause == null ? "" : String.valueOf(cause.getMessage());
        return new CheckpointException(
                "train: " + what + " could not be written (" + reason
                        + "); make room on the disk, or see what is wrong with it: " + kept,
                cause);
    }

    private void prune() {
        retention.surplus().forEach(step -> remove(CheckpointFolder.of(run, step)));
    }

    /** What cannot be removed costs room, not work. */
    private void remove(CheckpointFolder folder) {
        try {
            folder.remove(storage);
        } catch (IOException e) {
            LOG.warn("{}: could not be removed: {}", folder.path(), e.toString());
        }
    }

    Path folderOf(int step) {
        return CheckpointFolder.of(run, step).path();
    }

    /** Ends what is being written, so that a run that fails loses nothing that it had begun to save. */
    @Override
    public void close() {
        Writing begun = writing;
        writing = null;
        if (begun != null) {
            try {
                begun.task.get();
            } catch (ExecutionException e) {
                LOG.warn("train: the checkpoint of step {} could not be written: {}", begun.state.step(), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return; // the writer still reads the snapshot, which must stay
            }
        }
        snapshot.close();
    }
}
