package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.batch.Answered;
import dev.distill.teacher.batch.Batch;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes over the batches that an earlier run left on their way; or finds out that there is none. */
final class BatchAdoption {
    private final BatchDesk desk;

    BatchAdoption(BatchDesk desk) {
        this.desk = desk;
    }

    /** As the ledger has it. What it may cost is set aside, whether there is room for it or not: it is on its way. */
    SentBatch adopt(OpenBatch begun, Map<String, Unit> units) {
        SentBatch batch = new SentBatch(begun.name(), begun.begunAt());
        List<String> ids = begun.units();
        for (int i = 0; i < ids.size(); i++) {
            Unit unit = units.get(ids.get(i));
            Money atMost = atMost(begun, i, unit);
            batch.add(
                    ids.get(i),
                    new SentBatch.Part(
                            unit, isTaken(unit), atMost, desk.budget().setAside(atMost)));
        }
        return batch;
    }

    /** Nobody asks for it a second time while it is on its way. */
    private boolean isTaken(@Nullable Unit unit) {
        Agenda.Taken taken = unit == null ? Agenda.Taken.UNKNOWN : desk.agenda().take(unit);
        desk.tally().needed(taken == Agenda.Taken.ADDED ? 1 : 0);
        return taken != Agenda.Taken.UNKNOWN;
    }

    private Money atMost(OpenBatch begun, int number, @Nullable Unit unit) {
        Money nothing = Money.zero(desk.config().spending().tariff().currency());
        String id = begun.units().get(number);
        if (desk.ledger().standing(id).isCompleted() || desk.ledger().isPaidIn(begun.name(), id)) {
            return nothing; // collected before the process ended, and counted
        } else if (!begun.atMost().isEmpty()) {
            return begun.atMost().get(number);
        }
        return unit == null ? nothing : desk.config().costAtMost(unit.request());
    }

    /**
     * Learns the provider's name for it.
     *
     * @return why nothing will come of it; empty where something may, or where that could not be found out and the run is to end
     */
    Optional<String> identify(SentBatch batch, OpenBatch begun) {
        String known = begun.id();
        if (known != null) {
            batch.known(known);
            return Optional.empty();
        }
        String file = begun.file();
        return file == null ? Optional.of("never sent") : find(batch, file);
    }

    /** The process was killed when it had asked for a batch and not heard of it: it may be there. */
    private Optional<String> find(SentBatch batch, String file) {
        return switch (desk.calls().find(batch, desk.limits().poll())) {
            case Answered.Failed<Optional<Batch>>(Outcome outcome) -> {
                desk.calls().stopBecause(outcome);
                yield Optional.empty();
            }
            case Answered.Got<Optional<Batch>>(Optional<Batch> found)
            when found.isPresent() -> {
                String id = found.get().id();
                desk.ledger().append(new LedgerEntry.BatchSent(batch.name(), file, id, Instant.now()));
                batch.known(id);
                yield Optional.empty();
            }
            case Answered.Got<Optional<Batch>> _ ->
                desk.calls().isOver() ? Optional.empty() : Optional.of("never made");
        };
    }
}
