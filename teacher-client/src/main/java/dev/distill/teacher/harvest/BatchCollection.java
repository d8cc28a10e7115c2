package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.batch.BatchLine;
import dev.distill.teacher.pace.Circuit;
import dev.distill.teacher.pace.Policy;
import dev.distill.teacher.pay.Tariff;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what comes back of batches: each line is one exchange of its unit, with the same consequences as one that is streamed. */
final class BatchCollection {
    private static final Logger LOG = LoggerFactory.getLogger(BatchCollection.class);

    private final HarvestConfig config;
    private final Tariff tariff;
    private final int attemptsAtMost;
    private final Circuit circuit;
    private final Ledger ledger;
    private final Tally tally;
    private final Recorder recorder;
    private final Agenda agenda;
    private final Map<String, Integer> attempts = new HashMap<>();
    private @Nullable Outcome fatal;

    BatchCollection(HarvestConfig config, Ledger ledger, Tally tally, Recorder recorder, Agenda agenda) {
        this.config = config;
        Tariff tariff = config.spending().tariff();
        // what is collected before streaming begins was bought as a batch too
        this.tariff = config.limits().batch() == null ? tariff.batched() : tariff;
        Limits.Persistence persistence = config.limits().persistence();
        this.attemptsAtMost = persistence.attempts();
        this.circuit = new Circuit(persistence.failuresInARow(), persistence.quiet());
        this.ledger = ledger;
        this.tally = tally;
        this.recorder = recorder;
        this.agenda = agenda;
    }

    /** One line of a file. What was paid for lines that were taken before the process was killed is in the ledger, and not paid again. */
    void take(SentBatch batch, BatchLine line) {
        SentBatch.Part part = batch.take(line.name());
        if (part == null) {
            LOG.warn(
                    "batch {}: a reply to {}, which is not in it or has been answered; passed over",
                    batch.name(),
                    line.name());
            return;
        }
        if (ledger.standing(line.name()).isCompleted()) {
            part.reserved().settle(nothing());
            end(part, false);
            return;
        }
        boolean paidBefore = ledger.isPaidIn(batch.name(), line.name());
        Unit unit = part.unit();
        if (unit == null) {
            part.reserved().settle(keepWithoutUnit(line, part, paidBefore));
            return;
        }
        Exchange exchange = line.exchange();
        Paid paid = paidBefore
                ? Paid.told(Usage.NONE, nothing())
                : Paid.of(unit.request(), exchange, tariff, Instant.now(), part.atMost());
        int attempt = attempts.merge(unit.id(), 1, Integer::sum);
        boolean news = !paidBefore || exchange.outcome() instanceof Outcome.Completed;
        boolean right = news && recorder.record(unit, exchange, paid, attempt);
        part.reserved().settle(paid.atMost());
        follow(part, unit, exchange.outcome(), attempt, right);
    }

    private void follow(SentBatch.Part part, Unit unit, Outcome outcome, int attempt, boolean right) {
        Policy policy = policy(outcome);
        switch (policy) {
            case KEEP -> {
                tally.completed(unit);
                end(part, right);
            }
            case GIVE_UP, DEAD_LETTER -> {
                recorder.giveUp(unit, outcome, attempt, policy == Policy.DEAD_LETTER);
                end(part, false);
            }
            case STOP -> {
                fatal = outcome;
                giveBack(part, unit);
            }
            case RETRY, LEAVE -> again(part, unit, outcome, attempt);
        }
    }

    /** A line that is forbidden is one unit's matter, as long as others succeed. */
    private Policy policy(Outcome outcome) {
        Policy policy = Policy.of(outcome, tally.completedUnits() > 0);
        if (policy == Policy.KEEP) {
            circuit.success();
        } else if (outcome instanceof Outcome.Unauthorized
                && circuit.failure(outcome).isPresent()) {
            return Policy.STOP;
        }
        return policy;
    }

    private void again(SentBatch.Part part, Unit unit, Outcome outcome, int attempt) {
        if (attempt >= attemptsAtMost) {
            recorder.giveUp(unit, outcome, attempt, false);
            end(part, false);
        } else {
            tally.retried();
            giveBack(part, unit);
        }
    }

    private void giveBack(SentBatch.Part part, Unit unit) {
        if (part.onAgenda()) {
            agenda.giveBack(unit);
        }
    }

    private void end(SentBatch.Part part, boolean right) {
        Unit unit = part.unit();
        if (unit != null && part.onAgenda()) {
            tally.needed(agenda.ended(unit, right));
        }
    }

    /** Prompts or parameters have changed since; what was paid for is kept all the same. Says what it may have cost. */
    private Money keepWithoutUnit(BatchLine line, SentBatch.Part part, boolean paidBefore) {
        Exchange exchange = line.exchange();
        Paid paid = paidBefore ? Paid.told(Usage.NONE, nothing()) : Paid.withoutText(exchange, tariff, part.atMost());
        if (exchange.outcome() instanceof Outcome.Completed(var reply)) {
            ledger.append(new LedgerEntry.Completed(line.name(), paid, reply, 1, Instant.now()));
        } else if (!paid.isNothing()) {
            ledger.append(new LedgerEntry.Attempt(
                    line.name(),
                    paid,
                    exchange.outcome().word(),
                    exchange.outcome().describe(),
                    exchange.received(),
                    Instant.now()));
        }
        return paid.atMost();
    }

    /** Nothing more will come of this batch. Units of which nothing came back, as of one that has expired, are asked again. */
    void over(SentBatch batch, String how) {
        ledger.append(new LedgerEntry.BatchOver(batch.name(), how, Instant.now()));
        Outcome nothing = new Outcome.CutStream(Outcome.Cut.CANCELLED, "batch " + how);
        batch.rest().forEach((id, part) -> {
            batch.take(id);
            part.reserved().settle(nothing());
            Unit unit = part.unit();
            if (unit != null && !ledger.standing(id).isCompleted()) {
                again(part, unit, nothing, how.startsWith("never") ? 0 : attempts.merge(id, 1, Integer::sum));
            } else {
                end(part, false);
            }
        });
    }

    private Money nothing() {
        return Money.zero(tariff.currency());
    }

    /** What one of the requests met with that none can succeed after; asked once. */
    @Nullable
    Outcome takeFatal() {
        Outcome found = fatal;
        fatal = null;
        return found;
    }
}
