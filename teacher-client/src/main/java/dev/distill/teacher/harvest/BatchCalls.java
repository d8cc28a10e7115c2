package dev.distill.teacher.harvest;

import dev.distill.teacher.Outcome;
import dev.distill.teacher.batch.Answered;
import dev.distill.teacher.batch.Batch;
import dev.distill.teacher.batch.BatchApi;
import dev.distill.teacher.batch.BatchFile;
import dev.distill.teacher.batch.BatchLine;
import dev.distill.teacher.pace.Policy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a run calls of a batch API; each call is made again while that may help. */
final class BatchCalls {
    private final HarvestConfig config;
    private final BatchApi api;
    private final Tally tally;
    private final Halt halt;
    private final Random jitter;

    BatchCalls(HarvestConfig config, BatchApi api, Tally tally, Halt halt) {
        this.config = config;
        this.api = api;
        this.tally = tally;
        this.halt = halt;
        this.jitter = new Random(config.limits().persistence().seed());
    }

    Answered<String> upload(BatchFile file, SentBatch batch) {
        return calling(() -> api.upload(file, batch.name()));
    }

    /**
     * Has a batch made. Of a call that failed nobody knows whether it was done: before it is made again the batch is looked for.
     *
     * @param poll how long to wait for a batch to show
     */
    Answered<Batch> create(SentBatch batch, String file, Duration poll) {
        return calling(() -> {
            if (batch.isAsked()) {
                switch (findSurely(batch, poll)) {
                    case Answered.Failed<Optional<Batch>>(Outcome outcome) -> {
                        return new Answered.Failed<>(outcome);
                    }
                    case Answered.Got<Optional<Batch>>(Optional<Batch> found) -> {
                        if (found.isPresent()) {
                            return new Answered.Got<>(found.get());
                        }
                        if (isOver()) { // the next run looks again
                            return new Answered.Failed<>(new Outcome.CutStream(Outcome.Cut.CANCELLED, "stopped"));
                        }
                    }
                }
            }
            batch.asked();
            return api.create(file, batch.name());
        });
    }

    /** Looks for a batch that may have been asked for. */
    Answered<Optional<Batch>> find(SentBatch batch, Duration poll) {
        return calling(() -> findSurely(batch, poll));
    }

    /** A batch that was asked for may show a while later: a second look makes sure. */
    private Answered<Optional<Batch>> findSurely(SentBatch batch, Duration poll) {
        Answered<Optional<Batch>> first = findOnce(batch);
        boolean known = !(first instanceof Answered.Got<Optional<Batch>>(Optional<Batch> found)) || found.isPresent();
        return known || !pause(poll) ? first : findOnce(batch);
    }

    private Answered<Optional<Batch>> findOnce(SentBatch batch) {
        return api.find(batch.name(), batch.begunAt().minus(Duration.ofDays(1)));
    }

    /** How it stands; asked once, for a batch goes on whether it is looked at or not. */
    Answered<Batch> get(SentBatch batch) {
        return api.get(batch.id());
    }

    void cancel(SentBatch batch) {
        calling(() -> api.cancel(batch.id()));
    }

    /** Hands the lines of a file that came of the batch to the sink, and says how many there were. */
    Answered<Integer> read(SentBatch batch, String file, Consumer<BatchLine> sink) {
        Path target = config.output().folder().resolve("batch-" + batch.name() + ".jsonl");
        return calling(() -> {
            try {
                return api.read(file, batch.size(), target, sink);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private <T> Answered<T> calling(Supplier<Answered<T>> call) {
        int attempts = config.limits().persistence().attempts();
        for (int attempt = 1; ; attempt++) {
            Answered<T> answered = call.get();
            boolean again = answered instanceof Answered.Failed<T>(Outcome outcome)
                    && Policy.of(outcome) == Policy.RETRY
                    && attempt < attempts
                    && pause(config.limits().persistence().backoff().delay(attempt - 1, outcome.advice(), jitter));
            if (!again) {
                return answered;
            }
            tally.retried();
        }
    }

    /** Waits until the batches may have come on, or a call is worth making again; false if the run is to end. */
    boolean pause(Duration time) {
        boolean whole = halt.pause(time);
        if (!whole && Thread.currentThread().isInterrupted()) {
            halt.call(new Ending.Interrupted());
        }
        return whole;
    }

    /** Whether the run is to end. */
    boolean isOver() {
        return halt.isCalled();
    }

    /** Nothing can succeed after this. */
    void stopBecause(Outcome outcome) {
        halt.call(new Ending.Stopped("teacher " + config.endpoint().model() + " at "
                + config.endpoint().url() + ": batches: " + outcome.describe()
                + ". Everything completed is kept, and batches that are on their way go on; when that is put right, run the same"
                + " command again."));
    }
}
