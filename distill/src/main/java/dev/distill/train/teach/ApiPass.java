package dev.distill.train.teach;

import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Samples;
import dev.distill.data.pack.TraceNumbers;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.DistributionJournal;
import dev.distill.data.shard.DistributionSource;
import dev.distill.data.shard.TeacherDistributions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Lets a teacher behind an API read every sample once. Each is paid for, so what it says is on the disk before its place among the requests in
 * flight is given to the next. One that the server will not score ends the pass, after those in flight.
 */
public final class ApiPass {
    private final ApiVoice teacher;
    private final DistributionSource source;
    private final DistributionFolder folder;
    private final int inFlight;

    /** @param inFlight samples at a time, at most */
    public ApiPass(ApiVoice teacher, DistributionSource source, DistributionFolder folder, int inFlight) {
        this.teacher = teacher;
        this.source = source;
        this.folder = folder;
        this.inFlight = inFlight;
    }

    /**
     * Reads the samples of which the folder has nothing yet.
     *
     * @param done hears how many samples are done in all, those of earlier processes included
     * @return whether all are done; false if it was stopped
     * @throws IOException if the server failed; what it has said is kept
     */
    public boolean run(Samples samples, BooleanSupplier stop, LongConsumer done) throws IOException {
        try (DistributionJournal journal = DistributionJournal.open(folder.path(), source)) {
            BitSet left = left(samples, journal);
            Count finished = new Count(samples.size() - left.cardinality(), done);
            AtomicReference<@Nullable Exception> broken = new AtomicReference<>();
            Semaphore places = new Semaphore(inFlight);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = left.nextSetBit(0); i >= 0; i = left.nextSetBit(i + 1)) {
                    if (!enter(places, stop) || broken.get() != null) {
                        break;
                    }
                    Sample sample = samples.get(i);
                    threads.execute(() -> {
                        try {
                            journal.append(TeacherDistributions.of(sample, teacher.expect(sample)));
                            finished.another();
                        } catch (RuntimeException e) {
                            broken.compareAndSet(null, e);
                        } finally {
                            places.release();
                        }
                    });
                }
            } // those in flight end first
            rethrow(broken.get());
            if (finished.count < samples.size()) {
                return false;
            }
            journal.drain(
                    folder,
                    IntStream.range(0, samples.size())
                            .mapToObj(samples::traceId)
                            .toList());
            return true;
        }
    }

    /** Samples that are done; tells of one at a time. */
    private static final class Count {
        private final LongConsumer done;
        private long count;

        Count(long count, LongConsumer done) {
            this.count = count;
            this.done = done;
            done.accept(count);
        }

        synchronized void another() {
            count++;
            done.accept(count);
        }
    }

    /** Waits for a place among those in flight; false if the run is stopped. */
    private static boolean enter(Semaphore places, BooleanSupplier stop) {
        try {
            while (!stop.getAsBoolean()) {
                if (places.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void rethrow(@Nullable Exception failure) throws IOException {
        switch (failure) {
            case null -> {}
            case UncheckedIOException unchecked when unchecked.getCause() != null -> throw unchecked.getCause();
            case RuntimeException other -> throw other;
            case Exception other -> throw new IOException(other);
        }
    }

    /** The numbers of the samples that neither the folder nor the journal has as they are. */
    private BitSet left(Samples samples, DistributionJournal journal) throws IOException {
        TraceNumbers numbers = new TraceNumbers(samples);
        BitSet left = new BitSet(samples.size());
        for (int i = 0; i < samples.size(); i++) {
            TeacherDistributions paid = journal.of(samples.traceId(i));
            left.set(i, paid == null || !paid.sampleHash().equals(TeacherDistributions.hashOf(samples.get(i))));
        }
        folder.forEach(source, row -> {
            int number = numbers.of(row.traceId());
            if (number >= 0 && row.sampleHash().equals(TeacherDistributions.hashOf(samples.get(number)))) {
                left.clear(number);
            }
        });
        return left;
    }
}
