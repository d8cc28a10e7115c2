package dev.distill.teacher.harvest;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Money;
import dev.distill.teacher.batch.Answered;
import dev.distill.teacher.batch.Batch;
import dev.distill.teacher.batch.BatchFile;
import dev.distill.teacher.pay.Budget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Puts units into batches and sends them: the ledger knows of each before the provider does. */
final class BatchSending {
    private final HarvestConfig config;
    private final BatchLimits limits;
    private final BatchCalls calls;
    private final Ledger ledger;
    private final Agenda agenda;
    private final Budget budget;
    private long requests;

    BatchSending(
            HarvestConfig config, BatchLimits limits, BatchCalls calls, Ledger ledger, Agenda agenda, Budget budget) {
        this.config = config;
        this.limits = limits;
        this.calls = calls;
        this.ledger = ledger;
        this.agenda = agenda;
        this.budget = budget;
    }

    /** Requests in all batches that were begun. */
    long requests() {
        return requests;
    }

    /**
     * What the next batch would hold.
     *
     * @param chosen with what is set aside for each
     * @param tooDear whether the budget had no room for more
     */
    record Choice(BatchFile file, Map<Unit, Budget.Reservation> chosen, boolean tooDear) {}

    /** Takes what is next on the agenda, as far as it fits into a file and into the budget. */
    Choice choose() {
        BatchFile file = new BatchFile(config.endpoint(), limits.requests(), limits.bytes());
        Map<Unit, Budget.Reservation> chosen = new LinkedHashMap<>();
        for (Unit unit = agenda.poll(); unit != null; unit = agenda.poll()) {
            Optional<Budget.Reservation> reserved = budget.reserveNow(config.costAtMost(unit.request()));
            if (reserved.isEmpty() || !file.add(unit.id(), unit.request())) {
                reserved.ifPresent(reservation ->
                        reservation.settle(Money.zero(config.spending().tariff().currency())));
                agenda.giveBack(unit);
                return new Choice(file, chosen, reserved.isEmpty());
            }
            chosen.put(unit, reserved.get());
        }
        return new Choice(file, chosen, false);
    }

    /** A batch of these, in the ledger from now on. */
    SentBatch begin(Choice choice) {
        List<Unit> units = List.copyOf(choice.chosen().keySet());
        List<String> ids = units.stream().map(Unit::id).toList();
        List<String> parts = new ArrayList<>(ids);
        // the same units may need a second batch, here or in another folder
        parts.add("batch " + ledger.batchesBegun() + " " + UUID.randomUUID());
        SentBatch batch = new SentBatch(Hash.of(parts), Instant.now());
        choice.chosen().forEach((unit, reservation) -> batch.add(unit.id(), unit, true, reservation));
        List<Money> atMost =
                units.stream().map(unit -> config.costAtMost(unit.request())).toList();
        ledger.append(new LedgerEntry.BatchBegun(batch.name(), ids, atMost, batch.begunAt()));
        requests += ids.size();
        return batch;
    }

    /** Whether it is at the provider now; where not, the run is to end. */
    boolean send(SentBatch batch, BatchFile file) {
        switch (calls.upload(file, batch)) {
            case Answered.Failed<String> failed -> calls.stopBecause(failed.outcome());
            case Answered.Got<String>(String uploaded) -> {
                ledger.append(new LedgerEntry.BatchSent(batch.name(), uploaded, null, Instant.now()));
                switch (calls.create(batch, uploaded)) {
                    case Answered.Failed<Batch> failed -> calls.stopBecause(failed.outcome());
                    case Answered.Got<Batch>(Batch made) -> {
                        ledger.append(new LedgerEntry.BatchSent(batch.name(), uploaded, made.id(), Instant.now()));
                        batch.known(made.id());
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
