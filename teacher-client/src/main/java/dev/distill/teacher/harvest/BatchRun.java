package dev.distill.teacher.harvest;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Money;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.batch.Answered;
import dev.distill.teacher.batch.Batch;
import dev.distill.teacher.batch.BatchApi;
import dev.distill.teacher.batch.BatchFile;
import dev.distill.teacher.pace.Policy;
import dev.distill.teacher.pay.Budget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run over the units that are still to be done, in batches. The ledger knows of a batch before the provider does, under a
 * name that the provider keeps with it; so whatever moment the process is killed at, the next one finds the batch again, or
 * knows that there is none. A batch that is on its way when the run is stopped is left there, and collected by the next run.
 */
final class BatchRun {
    private static final Logger LOG = LoggerFactory.getLogger(BatchRun.class);

    private final HarvestConfig config;
    private final BatchLimits limits;
    private final BatchApi api;
    private final Ledger ledger;
    private final Tally tally;
    private final Agenda agenda;
    private final Budget budget;
    private final BatchCollection collection;
    private final List<SentBatch> open = new ArrayList<>();
    private final Random jitter;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicReference<@Nullable Ending> stoppedBy = new AtomicReference<>();
    private long requests;
    private int failuresInARow;
    private int refusedInARow;
    /** Whether the provider has said that it takes no more tokens before some of the batches are done. */
    private boolean full;

    BatchRun(HarvestConfig config, BatchApi api, Ledger ledger, Tally tally, Recorder recorder, Agenda agenda) {
        this.config = config;
        BatchLimits own = config.limits().batch();
        this.limits = own == null ? BatchLimits.DEFAULT : own;
        this.api = api;
        this.ledger = ledger;
        this.tally = tally;
        this.agenda = agenda;
        Money cap = config.spending().cap();
        this.budget = cap == null ? Budget.unlimited(ledger.atMost()) : Budget.of(cap, ledger.atMost());
        this.collection = new BatchCollection(config, ledger, tally, recorder, agenda);
        this.jitter = new Random(config.limits().persistence().seed());
        tally.watch(() -> open.stream().mapToInt(SentBatch::waiting).sum(), () ->
                (int) Math.min(Integer.MAX_VALUE, (long) limits.requests() * limits.atATime()));
    }

    /**
     * Works until nothing is on the agenda any more or something stops the run; says what.
     *
     * @param units all of the harvest, by id
     * @param more whether new batches are made; else those that are on their way are collected
     */
    Ending work(Map<String, Unit> units, boolean more) throws IOException {
        for (OpenBatch batch : ledger.openBatches()) {
            adopt(batch, units);
        }
        boolean making = more && !limits.cancel();
        while (stoppedBy.get() == null) {
            while (making && !full && open.size() < limits.atATime() && submit()) {
                LOG.info("batch of {} requests is on its way", open.getLast().waiting());
            }
            if (open.isEmpty()) {
                break;
            }
            if (!look() && !pause(limits.poll())) {
                break;
            }
        }
        if (limits.cancel()) {
            stop(new Ending.Stopped(
                    "the batches that were on their way are called back, and what they had done is kept;"
                            + " without harvest.cancel-batches the same command goes on"));
        }
        Ending early = stoppedBy.get();
        return early == null || tally.isComplete() ? new Ending.Done() : early;
    }

    /** From any thread; the first reason counts. */
    void stop(Ending ending) {
        if (stoppedBy.compareAndSet(null, ending)) {
            LOG.info("stopping: {}", ending);
        }
        stopping.countDown();
        agenda.close();
        api.close();
    }

    long requests() {
        return requests;
    }

    /** A batch that an earlier run left on its way. */
    private void adopt(OpenBatch begun, Map<String, Unit> units) {
        SentBatch batch = new SentBatch(begun.name(), begun.begunAt());
        for (String id : begun.units()) {
            Unit unit = units.get(id);
            boolean taken = unit != null && agenda.take(unit);
            batch.add(
                    id,
                    unit,
                    taken,
                    unit == null
                            ? null
                            : budget.reserveNow(config.costAtMost(unit.request()))
                                    .orElse(null));
        }
        open.add(batch);
        String known = begun.id();
        if (known != null) {
            batch.known(known);
        } else if (begun.file() == null) {
            over(batch, "never sent");
        } else {
            find(batch, begun.file());
        }
        if (limits.cancel() && open.contains(batch)) {
            calling(() -> api.cancel(batch.id()));
        }
    }

    /** The process was killed when it had asked for a batch and not heard of it: it may be there. A second look after a while makes sure. */
    private void find(SentBatch batch, String file) {
        Instant since = batch.begunAt().minus(Duration.ofDays(1));
        for (int look = 0; look < 2; look++) {
            switch (calling(() -> api.find(batch.name(), since))) {
                case Answered.Failed<Optional<Batch>> failed -> {
                    stopBecause(failed.outcome());
                    return;
                }
                case Answered.Got<Optional<Batch>>(Optional<Batch> found) -> {
                    if (found.isPresent()) {
                        ledger.append(new LedgerEntry.BatchSent(
                                batch.name(), file, found.get().id(), Instant.now()));
                        batch.known(found.get().id());
                        return;
                    }
                }
            }
            if (look == 0 && !pause(limits.poll())) {
                return;
            }
        }
        over(batch, "never made");
    }

    /** Puts what is next on the agenda, and fits into the budget, into a batch; false where there is nothing of that kind. */
    private boolean submit() {
        BatchFile file = new BatchFile(config.endpoint(), limits.requests(), limits.bytes());
        Map<Unit, Budget.Reservation> chosen = new LinkedHashMap<>();
        boolean tooDear = false;
        for (Unit unit = agenda.poll(); unit != null; unit = agenda.poll()) {
            Optional<Budget.Reservation> reserved = budget.reserveNow(config.costAtMost(unit.request()));
            if (reserved.isEmpty() || !file.add(unit.id(), unit.request())) {
                reserved.ifPresent(reservation -> reservation.settle(nothing()));
                agenda.giveBack(unit);
                tooDear = reserved.isEmpty();
                break;
            }
            chosen.put(unit, reserved.get());
        }
        if (chosen.isEmpty()) {
            Money cap = config.spending().cap();
            if (tooDear && open.isEmpty() && cap != null) {
                stop(new Ending.BudgetReached(cap, budget.spent()));
            }
            return false;
        }
        List<String> ids = chosen.keySet().stream().map(Unit::id).toList();
        List<String> parts = new ArrayList<>(ids);
        // the same units may need a second batch, here or in another folder
        parts.add("batch " + ledger.batchesBegun() + " " + UUID.randomUUID());
        SentBatch batch = new SentBatch(Hash.of(parts), Instant.now());
        chosen.forEach((unit, reservation) -> batch.add(unit.id(), unit, true, reservation));
        ledger.append(new LedgerEntry.BatchBegun(batch.name(), ids, batch.begunAt()));
        open.add(batch);
        requests += ids.size();
        return send(batch, file);
    }

    private boolean send(SentBatch batch, BatchFile file) {
        switch (calling(() -> api.upload(file, batch.name()))) {
            case Answered.Failed<String> failed -> stopBecause(failed.outcome());
            case Answered.Got<String>(String uploaded) -> {
                ledger.append(new LedgerEntry.BatchSent(batch.name(), uploaded, null, Instant.now()));
                switch (calling(() -> createOrFind(batch, uploaded))) {
                    case Answered.Failed<Batch> failed -> stopBecause(failed.outcome());
                    case Answered.Got<Batch>(Batch made) -> {
                        ledger.append(new LedgerEntry.BatchSent(batch.name(), uploaded, made.id(), Instant.now()));
                        batch.known(made.id());
                        tally.tell();
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Of a request that failed nobody knows whether it was done: before it is made again the batch is looked for. */
    private Answered<Batch> createOrFind(SentBatch batch, String file) {
        if (batch.isAsked()) {
            Instant since = batch.begunAt().minus(Duration.ofDays(1));
            switch (api.find(batch.name(), since)) {
                case Answered.Failed<Optional<Batch>>(Outcome outcome) -> {
                    return new Answered.Failed<>(outcome);
                }
                case Answered.Got<Optional<Batch>>(Optional<Batch> found) -> {
                    if (found.isPresent()) {
                        return new Answered.Got<>(found.get());
                    }
                }
            }
        }
        batch.asked();
        return api.create(file, batch.name());
    }

    /** Looks at all batches, and collects those that are over; whether there were any. */
    private boolean look() throws IOException {
        boolean any = false;
        for (SentBatch batch : List.copyOf(open)) {
            if (stoppedBy.get() != null) {
                return any;
            }
            switch (api.get(batch.id())) {
                case Answered.Failed<Batch>(Outcome outcome) -> failedLook(outcome);
                case Answered.Got<Batch>(Batch now) -> {
                    failuresInARow = 0;
                    batch.progressed(now.done());
                    tally.tell();
                    if (now.isOver()) {
                        any = true;
                        collect(batch, now);
                    }
                }
            }
        }
        return any;
    }

    /** A provider that is away for a while loses nothing: the batches go on. */
    private void failedLook(Outcome outcome) {
        boolean passing = Policy.of(outcome) == Policy.RETRY;
        if (!passing || ++failuresInARow >= config.limits().persistence().failuresInARow()) {
            stopBecause(outcome);
        } else {
            LOG.warn("batches cannot be looked at: {}; trying again", outcome.describe());
        }
    }

    private void collect(SentBatch batch, Batch now) throws IOException {
        for (String file : now.files()) {
            switch (calling(() -> read(batch, file))) {
                case Answered.Failed<Integer> failed -> {
                    stopBecause(failed.outcome());
                    return; // it stays open in the ledger
                }
                case Answered.Got<Integer>(Integer lines) ->
                    LOG.info("batch {}: {} requests have come back ({})", now.id(), lines, now.status());
            }
        }
        over(batch, now.status());
        boolean failed = now.status().equals("failed");
        refusedInARow = failed ? refusedInARow + 1 : 0;
        boolean later = now.isTooMuchAtOnce()
                && refusedInARow < config.limits().persistence().attempts();
        full = later && !open.isEmpty();
        Outcome wrong = collection.takeFatal();
        if (wrong != null) {
            stopBecause(wrong);
        } else if (later) {
            LOG.warn("the provider takes no more at once: {}", now.problem());
            pause(limits.poll());
        } else if (failed) {
            stop(new Ending.Stopped("teacher " + config.endpoint().model() + " at "
                    + config.endpoint().url() + ": the provider refuses a batch: " + now.problem()
                    + ". Everything completed is kept; smaller batches (harvest.batch-requests) or fewer of them"
                    + " (harvest.batches) may help, or harvest.transport: stream"));
        }
    }

    private Answered<Integer> read(SentBatch batch, String file) {
        try {
            return api.read(
                    file,
                    config.output().folder().resolve("batch-" + batch.name() + ".jsonl"),
                    line -> collection.take(batch, line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing more will come of this batch. */
    private void over(SentBatch batch, String how) {
        ledger.append(new LedgerEntry.BatchOver(batch.name(), how, Instant.now()));
        open.remove(batch);
        collection.giveBackTheRest(batch, how);
    }

    /** Makes a call again while that may help. */
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

    private Money nothing() {
        return Money.zero(config.spending().tariff().currency());
    }

    private void stopBecause(Outcome outcome) {
        stop(new Ending.Stopped("teacher " + config.endpoint().model() + " at "
                + config.endpoint().url() + ": batches: " + outcome.describe()
                + ". Everything completed is kept, and batches that are on their way go on; when that is put right, run the same"
                + " command again."));
    }

    /** Waits; false if the run was stopped meanwhile. */
    private boolean pause(Duration time) {
        try {
            return !stopping.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop(new Ending.Interrupted());
            return false;
        }
    }
}
