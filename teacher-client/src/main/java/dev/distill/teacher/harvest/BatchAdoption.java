package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import dev.distill.teacher.batch.Answered;
import dev.distill.teacher.batch.Batch;
import dev.distill.teacher.pay.Budget;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes over the batches that an earlier run left on their way; or finds out that there is none. */
final class BatchAdoption {
    private final HarvestConfig config;
    private final BatchLimits limits;
    private final BatchCalls calls;
    private final Ledger ledger;
    private final Agenda agenda;
    private final Budget budget;

    BatchAdoption(
            HarvestConfig config, BatchLimits limits, BatchCalls calls, Ledger ledger, Agenda agenda, Budget budget) {
        this.config = config;
        this.limits = limits;
        this.calls = calls;
        this.ledger = ledger;
        this.agenda = agenda;
        this.budget = budget;
    }

    /** As the ledger has it. What it may cost is set aside, whether there is room for it or not: it is on its way. */
    SentBatch adopt(OpenBatch begun, Map<String, Unit> units) {
        SentBatch batch = new SentBatch(begun.name(), begun.begunAt());
        List<String> ids = begun.units();
        for (int i = 0; i < ids.size(); i++) {
            Unit unit = units.get(ids.get(i));
            boolean taken = unit != null && agenda.take(unit);
            batch.add(ids.get(i), unit, taken, budget.setAside(atMost(begun, i, unit)));
        }
        return batch;
    }

    private Money atMost(OpenBatch begun, int number, @Nullable Unit unit) {
        Money nothing = Money.zero(config.spending().tariff().currency());
        if (ledger.standing(begun.units().get(number)).isCompleted()) {
            return nothing; // collected before the process ended, and counted
        } else if (!begun.atMost().isEmpty()) {
            return begun.atMost().get(number);
        }
        return unit == null ? nothing : config.costAtMost(unit.request());
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

    /** The process was killed when it had asked for a batch and not heard of it: it may be there. A second look after a while makes sure. */
    private Optional<String> find(SentBatch batch, String file) {
        for (int look = 0; look < 2; look++) {
            switch (calls.find(batch)) {
                case Answered.Failed<Optional<Batch>> failed -> {
                    calls.stopBecause(failed.outcome());
                    return Optional.empty();
                }
                case Answered.Got<Optional<Batch>>(Optional<Batch> found) -> {
                    if (found.isPresent()) {
                        String id = found.get().id();
                        ledger.append(new LedgerEntry.BatchSent(batch.name(), file, id, Instant.now()));
                        batch.known(id);
                        return Optional.empty();
                    }
                }
            }
            if (look == 0 && !calls.pause(limits.poll())) {
                return Optional.empty();
            }
        }
        return Optional.of("never made");
    }
}
