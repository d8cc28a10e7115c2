package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.batch.Answered;
import dev.distill.teacher.batch.Batch;
import dev.distill.teacher.batch.BatchApi;
import dev.distill.teacher.pace.Policy;
import dev.distill.teacher.pay.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Ledger ledger;
    private final Tally tally;
    private final Budget budget;
    private final Halt halt;
    private final BatchCalls calls;
    private final BatchSending sending;
    private final BatchAdoption adoption;
    private final BatchCollection collection;
    private final List<SentBatch> open = new ArrayList<>();
    private int failuresInARow;
    private int refusedInARow;
    /** Whether the provider has said that it takes no more tokens before some of the batches are done. */
    private boolean full;

    BatchRun(HarvestConfig config, BatchApi api, Ledger ledger, Tally tally, Recorder recorder, Agenda agenda) {
        this.config = config;
        BatchLimits own = config.limits().batch();
        this.limits = own == null ? BatchLimits.DEFAULT : own;
        this.ledger = ledger;
        this.tally = tally;
        Money cap = config.spending().cap();
        this.budget = cap == null ? Budget.unlimited(ledger.atMost()) : Budget.of(cap, ledger.atMost());
        this.halt = new Halt(() -> {
            agenda.close();
            api.close();
        });
        this.calls = new BatchCalls(config, api, tally, halt);
        BatchDesk desk = new BatchDesk(config, limits, calls, ledger, tally, agenda, budget);
        this.sending = new BatchSending(desk);
        this.adoption = new BatchAdoption(desk);
        this.collection = new BatchCollection(config, ledger, tally, recorder, agenda);
        tally.watch(() -> open.stream().mapToInt(SentBatch::waiting).sum(), () ->
                (int) Math.min(Integer.MAX_VALUE, (long) limits.requests() * limits.atATime()));
    }

    /**
     * Works until nothing is on the agenda any more or something stops the run; says what.
     *
     * @param units all of the harvest, by id
     * @param more whether new batches are made; else those that are on their way are collected
     */
    Ending work(Map<String, Unit> units, boolean more) {
        for (OpenBatch batch : ledger.openBatches()) {
            adopt(batch, units);
        }
        boolean making = more && !limits.cancel();
        while (halt.why() == null) {
            while (making && !full && open.size() < limits.atATime() && submit()) {
                LOG.info("batch of {} requests is on its way", open.getLast().waiting());
            }
            if (open.isEmpty()) {
                break;
            }
            if (!look() && !calls.pause(limits.poll())) {
                break;
            }
        }
        if (limits.cancel()) {
            stop(new Ending.Stopped(
                    "the batches that were on their way are called back, and what they had done is kept;"
                            + " without harvest.cancel-batches the same command goes on"));
        }
        Ending early = halt.why();
        return early == null || tally.isComplete() ? new Ending.Done() : early;
    }

    /** From any thread; the first reason counts. */
    void stop(Ending ending) {
        halt.call(ending);
    }

    long requests() {
        return sending.requests();
    }

    private void adopt(OpenBatch begun, Map<String, Unit> units) {
        SentBatch batch = adoption.adopt(begun, units);
        open.add(batch);
        Optional<String> nothing = adoption.identify(batch, begun);
        if (nothing.isPresent()) {
            over(batch, nothing.get());
        } else if (limits.cancel() && batch.isKnown()) {
            calls.cancel(batch);
        }
    }

    /** Sends one more batch; false where there is nothing to put into one, or no money for it. */
    private boolean submit() {
        BatchSending.Choice choice = sending.choose();
        if (choice.chosen().isEmpty()) {
            Money cap = config.spending().cap();
            if (choice.tooDear() && open.isEmpty() && cap != null) {
                stop(new Ending.BudgetReached(cap, budget.spent()));
            }
            return false;
        }
        SentBatch batch = sending.begin(choice);
        open.add(batch);
        boolean sent = sending.send(batch, choice.file());
        if (sent) {
            tally.tell();
        }
        return sent;
    }

    /** Looks at all batches, and collects those that are over; whether there were any. */
    private boolean look() {
        boolean any = false;
        for (SentBatch batch : List.copyOf(open)) {
            if (halt.why() != null) {
                return any;
            }
            switch (calls.get(batch)) {
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
            calls.stopBecause(outcome);
        } else {
            LOG.warn("batches cannot be looked at: {}; trying again", outcome.describe());
        }
    }

    private void collect(SentBatch batch, Batch now) {
        for (String file : now.files()) {
            switch (calls.read(batch, file, line -> collection.take(batch, line))) {
                case Answered.Failed<Integer> failed -> {
                    calls.stopBecause(failed.outcome());
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
            calls.stopBecause(wrong);
        } else if (later) {
            LOG.warn("the provider takes no more at once: {}", now.problem());
            calls.pause(limits.poll());
        } else if (failed) {
            stop(new Ending.Stopped("teacher " + config.endpoint().model() + " at "
                    + config.endpoint().url() + ": the provider refuses a batch: " + now.problem()
                    + ". Everything completed is kept; smaller batches (harvest.batch-requests) or fewer of them"
                    + " (harvest.batches) may help, or harvest.transport: stream"));
        }
    }

    /** Nothing more will come of this batch. */
    private void over(SentBatch batch, String how) {
        open.remove(batch);
        collection.over(batch, how);
    }
}
