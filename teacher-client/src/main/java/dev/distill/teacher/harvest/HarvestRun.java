package dev.distill.teacher.harvest;

import dev.distill.teacher.Outcome;
import dev.distill.teacher.Teacher;
import dev.distill.teacher.pace.Backoff;
import dev.distill.teacher.pace.Circuit;
import dev.distill.teacher.pace.Policy;
import dev.distill.teacher.pace.Trouble;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run over the units that are still to be done. Each unit lives on a virtual thread of its own, from its first request to
 * its record in the ledger; a unit that waits before it asks again holds no place among the requests in flight, so that
 * retries run between first attempts and not after them.
 */
final class HarvestRun {
    private final HarvestConfig config;
    private final Teacher teacher;
    private final Tally tally;
    private final Recorder recorder;
    private final Attempts attempts;
    private final Circuit circuit;
    private final Backoff backoff;
    /** Units begun and not ended: those in flight, and as many again that wait to ask once more. */
    private final Semaphore begun;

    private final Halt halt = new Halt(this::endWaiting);
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    private volatile Runnable onStop = () -> {};

    HarvestRun(HarvestConfig config, Teacher teacher, Ledger ledger, Tally tally, Recorder recorder) {
        this.config = config;
        this.teacher = teacher;
        this.tally = tally;
        this.recorder = recorder;
        this.attempts = new Attempts(config, teacher, recorder, halt, ledger.atMost());
        Limits limits = config.limits();
        this.circuit = new Circuit(
                limits.persistence().failuresInARow(), limits.persistence().quiet());
        this.backoff = limits.persistence().backoff();
        this.begun = new Semaphore(2 * limits.inFlight());
        tally.watch(attempts::inFlight, attempts::limit);
    }

    /** Works until nothing is on the agenda any more or something stops the run; says what. */
    Ending work(Agenda agenda) {
        onStop = agenda::close;
        if (halt.isCalled()) {
            agenda.close();
        }
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("harvest ", 0).factory());
        try {
            for (Unit unit = agenda.next(); unit != null; unit = agenda.next()) {
                Unit next = unit;
                begun.acquire();
                threads.execute(() -> tally.needed(agenda.ended(next, liveSafely(next))));
            }
        } catch (InterruptedException e) {
            stop(new Ending.Interrupted());
        }
        threads.shutdown();
        awaitAll(threads);
        Throwable failure = broken.get();
        if (failure != null) {
            throw failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
        }
        Ending early = halt.why();
        return early == null || tally.isComplete() ? new Ending.Done() : early;
    }

    /** Waits for the units that have begun; after an interrupt for as long as the grace allows, after a second no longer. */
    private void awaitAll(ExecutorService threads) {
        boolean impatient = false;
        while (true) {
            try {
                if (threads.awaitTermination(100, TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                impatient = halt.isInterrupted();
                stop(new Ending.Interrupted());
            }
            boolean late = halt.isInterrupted()
                    && halt.sinceInterrupt().compareTo(config.limits().grace()) >= 0;
            if (impatient || late) {
                teacher.close();
            }
        }
    }

    /** Begins no further request; the first reason counts. */
    void stop(Ending ending) {
        halt.call(ending);
    }

    private void endWaiting() {
        attempts.close();
        onStop.run();
    }

    long requests() {
        return attempts.requests();
    }

    /** Whether it brought a right answer. */
    private boolean liveSafely(Unit unit) {
        try {
            return !halt.isCalled() && live(unit);
        } catch (Throwable e) {
            // a full disk above all: nothing more can be kept, so nothing more may be bought, not even in flight
            boolean first = broken.compareAndSet(null, e);
            stop(new Ending.Stopped(String.valueOf(e.getMessage())));
            if (first) {
                teacher.close();
            }
            return false;
        } finally {
            begun.release();
        }
    }

    /** The life of a unit: ask, and ask again, until its outcome is in the ledger or the run is stopped. Says whether its answer is right. */
    private boolean live(Unit unit) {
        Random jitter =
                new Random(config.limits().persistence().seed() ^ unit.id().hashCode());
        Map<Trouble, Integer> troubles = new EnumMap<>(Trouble.class);
        for (int attempt = 1; ; attempt++) {
            Optional<Attempts.Attempted> attempted = attempts.attempt(unit, attempt);
            if (attempted.isEmpty()) {
                return false; // stopped before it was sent
            }
            Outcome outcome = attempted.get().outcome();
            Policy policy = Policy.of(outcome, circuit.hasSucceeded());
            switch (policy) {
                case KEEP -> {
                    circuit.success();
                    tally.completed(unit);
                    return attempted.get().right();
                }
                case GIVE_UP, DEAD_LETTER -> {
                    recorder.giveUp(unit, outcome, attempt, policy == Policy.DEAD_LETTER);
                    circuit.failure(outcome).ifPresent(this::stopBecause);
                    return false;
                }
                case STOP -> {
                    stopBecause(outcome.describe());
                    return false;
                }
                case LEAVE -> {
                    return false;
                }
                case RETRY -> {
                    circuit.failure(outcome).ifPresent(this::stopBecause);
                    Trouble trouble = Trouble.of(outcome);
                    int met = troubles.merge(trouble, 1, Integer::sum);
                    if (met >= trouble.attempts(config.limits().persistence().attempts())) {
                        recorder.giveUp(unit, outcome, attempt, false);
                        return false;
                    }
                    if (!halt.pause(backoff.delay(attempt - 1, outcome.advice(), jitter))) {
                        return false;
                    }
                    tally.retried();
                }
            }
        }
    }

    private void stopBecause(String what) {
        stop(new Ending.Stopped("teacher " + config.endpoint().model() + " at "
                + config.endpoint().url() + ": " + what
                + ". Everything completed is kept; when that is put right, run the same command again to go on."));
    }
}
