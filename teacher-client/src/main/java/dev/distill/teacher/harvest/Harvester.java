package dev.distill.teacher.harvest;

import dev.distill.data.trace.Prompt;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Teacher;
import dev.distill.teacher.wire.HttpTeacher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Buys the samples of many prompts from a teacher, each at most once, and leaves them as shards. Can be stopped, killed and run
 * again with the same words at any time.
 */
public final class Harvester {
    private final HarvestConfig config;
    private final Supplier<Teacher> teachers;
    private final AtomicReference<@Nullable HarvestRun> current = new AtomicReference<>();
    private volatile boolean stopped;

    /** A harvester that asks over HTTP, with this key. */
    public Harvester(HarvestConfig config, ApiKey key) {
        this(
                config,
                () -> new HttpTeacher(config.endpoint(), key, config.limits().patience()));
    }

    /**
     * A harvester that asks somebody else.
     *
     * @param teachers one teacher for each run, closed at its end
     */
    public Harvester(HarvestConfig config, Supplier<Teacher> teachers) {
        this.config = config;
        this.teachers = teachers;
    }

    /**
     * Harvests what is still to be done. Ends when all is done, when the budget is reached, when nothing can succeed, after
     * {@link #stop} or when the calling thread is interrupted; the result says which. Shards are written at the first two.
     *
     * @throws dev.distill.data.journal.JournalException if another process harvests into this folder, or the disk is full:
     *     what was acknowledged before is safe
     * @throws IOException if shards cannot be written
     */
    public HarvestResult run(List<Prompt> prompts, HarvestListener listener) throws IOException {
        UntilRight until = config.asking().untilRight();
        if (until != null) {
            until.requireReferences(prompts);
        }
        List<Unit> units = Unit.all(prompts, config);
        String currency = config.spending().tariff().currency();
        try (Ledger ledger = Ledger.open(config.output().ledger(), currency)) {
            Acceptance acceptance = new Acceptance(config, ledger);
            List<Unit> open = units.stream()
                    .filter(unit -> !ledger.standing(unit.id()).isSettled())
                    .toList();
            Agenda agenda = new Agenda(open, config.asking(), acceptance.inLedger(units));
            List<Unit> known = units.stream()
                    .filter(unit -> ledger.standing(unit.id()).isSettled() || agenda.holds(unit))
                    .toList();
            Tally tally = new Tally(known, ledger, acceptance, listener);
            long requests = 0;
            Ending ending;
            try (Teacher teacher = teachers.get()) {
                HarvestRun run = new HarvestRun(config, teacher, ledger, tally, acceptance);
                current.set(run);
                if (stopped) {
                    run.stop(new Ending.Interrupted());
                }
                ending = run.work(agenda);
                requests = run.requests();
            } finally {
                current.set(null);
            }
            SortedMap<String, Long> counts = counts(ledger, tally, acceptance, units);
            List<Path> shards = switch (ending) {
                case Ending.Done _, Ending.BudgetReached _ ->
                    new ShardExport(config, ledger).write(units, counts);
                case Ending.Interrupted _, Ending.Stopped _ -> List.of();
            };
            return new HarvestResult(
                    ending,
                    tally.units(),
                    tally.completedUnits(),
                    tally.failedUnits(),
                    requests,
                    ledger.boughtTokens(),
                    ledger.spent(),
                    ledger.estimated(),
                    counts,
                    shards);
        }
    }

    /**
     * Begins no further request and ends the run once those in flight are done, or cut off after {@link Limits#grace}. From any
     * thread, for example a shutdown hook; does not wait.
     */
    public void stop() {
        stopped = true;
        HarvestRun run = current.get();
        if (run != null) {
            run.stop(new Ending.Interrupted());
        }
    }

    private SortedMap<String, Long> counts(Ledger ledger, Tally tally, Acceptance acceptance, List<Unit> units) {
        SortedMap<String, Long> counts = new TreeMap<>(config.output().stage().counts());
        counts.put("units", (long) tally.units());
        counts.put("completed", (long) tally.completedUnits());
        counts.put("bought_tokens", ledger.boughtTokens());
        tally.failedUnits().forEach((reason, n) -> counts.put("failed_" + reason, (long) n));
        if (acceptance.isAsked()) {
            counts.put("accepted", (long) acceptance.accepted());
            counts.put("short_prompts", (long) acceptance.shortPrompts(units));
        }
        return counts;
    }
}
