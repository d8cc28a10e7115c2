package dev.distill.train.teach;

import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Samples;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.DistributionJournal;
import dev.distill.data.shard.DistributionSource;
import dev.distill.data.shard.HeldReply;
import dev.distill.data.shard.TeacherDistributions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets a teacher behind an API read every sample once. Each is paid for, so what it says is on the disk before its place among the requests in
 * flight is given to the next; of the first few it is not yet known how to take them, so they lie there as they came. One that the server will not score ends the pass, after those in flight.
 */
public final class ApiPass {
    /** Samples that may be asked for before it is known how the server tells; what is not clear by then is taken as it stands. */
    private static final int MOST_HELD = 32;

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
        try (DistributionJournal journal = DistributionJournal.open(folder, source)) {
            BitSet left = left(samples, journal);
            Count finished = new Count(samples.size() - left.cardinality(), done);
            meet(samples, left, journal, finished, stop);
            askAll(samples, left, journal, finished, stop);
            if (finished.count < samples.size()) {
                return false;
            }
            journal.drain();
            return true;
        }
    }

    /**
     * Asks for one sample after the other until it is known how the server tells. What it has told by then is held in the journal, for the next
     * process if this one ends before.
     */
    private void meet(Samples samples, BitSet left, DistributionJournal journal, Count finished, BooleanSupplier stop)
            throws IOException {
        SequencedMap<Integer, Told> held = held(samples, left, journal);
        for (int i = left.nextSetBit(0);
                i >= 0 && held.size() < MOST_HELD && !teacher.isClear() && !stop.getAsBoolean();
                i = left.nextSetBit(i + 1)) {
            if (!held.containsKey(i)) {
                held.put(i, hold(samples.get(i), journal));
            }
        }
        if (!teacher.isClear() && stop.getAsBoolean()) {
            return;
        }
        for (Map.Entry<Integer, Told> told : held.entrySet()) {
            Sample sample = samples.get(told.getKey());
            journal.append(TeacherDistributions.of(sample, teacher.taken(told.getValue())));
            left.clear(told.getKey());
            finished.another();
        }
    }

    /** What an earlier process has paid for without knowing how to take it, by the sample's number. */
    private SequencedMap<Integer, Told> held(Samples samples, BitSet left, DistributionJournal journal)
            throws IOException {
        SampleRows known = new SampleRows(samples);
        SequencedMap<Integer, Told> held = new LinkedHashMap<>();
        for (HeldReply reply : journal.held()) {
            int number = known.number(reply.traceId(), reply.sampleHash());
            if (number != SampleRows.NONE && left.get(number)) {
                Told told = Told.decode(reply.reply(), samples.get(number));
                teacher.remember(told);
                held.put(number, told);
            }
        }
        return held;
    }

    private Told hold(Sample sample, DistributionJournal journal) throws IOException {
        try {
            Told told = teacher.ask(sample);
            journal.hold(new HeldReply(sample.traceId(), TeacherDistributions.hashOf(sample), told.encode()));
            return told;
        } catch (UncheckedIOException e) {
            throw e.getCause() == null ? new IOException(e) : e.getCause();
        }
    }

    private void askAll(Samples samples, BitSet left, DistributionJournal journal, Count finished, BooleanSupplier stop)
            throws IOException {
        AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
        Semaphore places = new Semaphore(inFlight);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = left.nextSetBit(0); i >= 0; i = left.nextSetBit(i + 1)) {
                if (!enter(places, stop) || broken.get() != null) {
                    break;
                }
                Sample sample = samples.get(i);
                threads.execute(() -> {
                    try {
                        journal.append(TeacherDistributions.of(sample, teacher.taken(teacher.ask(sample))));
                        finished.another();
                    } catch (Throwable e) { // an Error too: else it would look like a stop
                        broken.compareAndSet(null, e);
                    } finally {
                        places.release();
                    }
                });
            }
        } // those in flight end first
        rethrow(broken.get());
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

    private static void rethrow(@Nullable Throwable failure) throws IOException {
        switch (failure) {
            case null -> {}
            case UncheckedIOException unchecked when unchecked.getCause() != null -> throw unchecked.getCause();
            case RuntimeException other -> throw other;
            case Error error -> throw error;
            case IOException other -> throw other;
            case Throwable other -> throw new IOException(other);
        }
    }

    /** The numbers of the samples that neither the folder nor the journal has as they are. */
    private BitSet left(Samples samples, DistributionJournal journal) throws IOException {
        SampleRows known = new SampleRows(samples);
        BitSet left = new BitSet(samples.size());
        left.set(0, samples.size());
        Consumer<TeacherDistributions> paid = row -> {
            int number = known.number(row);
            if (number != SampleRows.NONE) {
                left.clear(number);
            }
        };
        journal.forEach(paid);
        folder.forEach(source, paid);
        return left;
    }
}
