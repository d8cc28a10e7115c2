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
    private final BatchDesk desk;
    private long requests;

    BatchSending(BatchDesk desk) {
        this.desk = desk;
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
        BatchFile file = new BatchFile(
                desk.config().endpoint(),
                desk.limits().requests(),
                desk.limits().bytes());
        Map<Unit, Budget.Reservation> chosen = new LinkedHashMap<>();
        for (Unit unit = desk.agenda().poll();
                unit != null;
                unit = desk.agenda().poll()) {
            Optional<Budget.Reservation> reserved =
                    desk.budget().reserveNow(desk.config().costAtMost(unit.request()));
            if (reserved.isEmpty() || !file.add(unit.id(), unit.request())) {
                reserved.ifPresent(reservation -> reservation.settle(
                        Money.zero(desk.config().spending().tariff().currency())));
                desk.agenda().giveBack(unit);
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
        parts.add("batch " + desk.ledger().batchesBegun() + " " + UUID.randomUUID());
        SentBatch batch = new SentBatch(Hash.of(parts), Instant.now());
        choice.chosen()
                .forEach((unit, reservation) -> batch.add(
                        unit.id(),
                        new SentBatch.Part(unit, true, desk.config().costAtMost(unit.request()), reservation)));
        List<Money> atMost = units.stream()
                .map(unit -> desk.config().costAtMost(unit.request()))
                .toList();
        desk.ledger().append(new LedgerEntry.BatchBegun(batch.name(), ids, atMost, batch.begunAt()));
        requests += ids.size();
        return batch;
    }

    /** Whether it is at the provider now; where not, the run is to end. */
    boolean send(SentBatch batch, BatchFile file) {
        switch (desk.calls().upload(file, batch)) {
            case Answered.Failed<String> failed -> desk.calls().stopBecause(failed.outcome());
            case Answered.Got<String>(String uploaded) -> {
                desk.ledger().append(new LedgerEntry.BatchSent(batch.name(), uploaded, null, Instant.now()));
                switch (desk.calls().create(batch, uploaded, desk.limits().poll())) {
                    case Answered.Failed<Batch> failed -> desk.calls().stopBecause(failed.outcome());
                    case Answered.Got<Batch>(Batch made) -> {
                        desk.ledger()
                                .append(new LedgerEntry.BatchSent(batch.name(), uploaded, made.id(), Instant.now()));
                        batch.known(made.id());
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
