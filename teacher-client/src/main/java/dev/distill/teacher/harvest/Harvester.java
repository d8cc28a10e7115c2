package dev.distill.teacher.harvest;

import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Prompt;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Teacher;
import dev.distill.teacher.batch.BatchApi;
import dev.distill.teacher.wire.HttpTeacher;
import dev.distill.teacher.wire.Patience;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Buys the samples of many prompts from a teacher, each at most once, and leaves them as shards. Can be stopped, killed and run
 * again with the same words at any time.
 */
public final class Harvester {
    private static final Duration PULSE = Duration.ofMillis(500);

    private final HarvestConfig config;
    private final Storage storage;
    private final Supplier<Teacher> teachers;
    private final @Nullable Supplier<BatchApi> batches;
    private final String key;
    private final AtomicReference<@Nullable Consumer<Ending>> current = new AtomicReference<>();
    private volatile boolean stopped;

    /** A harvester that asks over HTTP, with this key. */
    public Harvester(HarvestConfig config, ApiKey key) {
        Patience patience = config.limits().patience();
        this.config = config;
        this.storage = Storage.local();
        this.teachers = () -> new HttpTeacher(config.endpoint(), key, patience);
        this.batches = () -> new BatchApi(config.endpoint(), key, patience);
        this.key = key.label();
    }

    /**
     * A harvester that asks somebody else, one request at a time.
     *
     * @param teachers one teacher for each run, closed at its end
     */
    public Harvester(HarvestConfig config, Supplier<Teacher> teachers) {
        this(config, teachers, Storage.local());
    }

    /** The same, through the given storage. */
    Harvester(HarvestConfig config, Supplier<Teacher> teachers, Storage storage) {
        this.config = config;
        this.storage = storage;
        this.teachers = teachers;
        this.batches = null;
        this.key = ApiKey.NONE.label();
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
        return run(prompts, Asked.OPEN, listener);
    }

    /** Which units a run asks for. */
    private enum Asked {
        /** All that have no reply, without those that were given up for good. */
        OPEN {
            @Override
            boolean asks(Standing unit) {
                return !unit.isSettled();
            }
        },
        /** Those that were given up. */
        FAILED {
            @Override
            boolean asks(Standing unit) {
                return !unit.isCompleted() && unit.givenUp() != null;
            }
        };

        abstract boolean asks(Standing unit);
    }

    /**
     * Asks once more for the units that were given up, also those that were given up for good, and for no others. Where answers are
     * asked for until they are right, only as long as their prompt needs any. The result, and the shards, have all that the harvest
     * has; what was never asked for is still open.
     *
     * @throws IOException as {@link #run}
     */
    public HarvestResult retryFailed(List<Prompt> prompts, HarvestListener listener) throws IOException {
        return run(prompts, Asked.FAILED, listener);
    }

    private HarvestResult run(List<Prompt> prompts, Asked asked, HarvestListener listener) throws IOException {
        UntilRight until = config.asking().untilRight();
        if (until != null) {
            until.requireReferences(prompts);
        }
        List<Unit> units = Unit.all(prompts, config);
        String currency = config.spending().tariff().currency();
        try (Ledger ledger = Ledger.open(storage, config.output().ledger(), currency)) {
            Acceptance acceptance = new Acceptance(config, ledger);
            Map<String, Integer> right = acceptance.inLedger(units);
            List<Unit> open = in(units, Asked.OPEN, ledger);
            List<Unit> wanted = asked == Asked.OPEN ? open : in(units, asked, ledger);
            Agenda whole = new Agenda(open, order(), right);
            Agenda agenda = asked == Asked.OPEN ? whole : new Agenda(wanted, order(), right);
            Tally.Scope scope = new Tally.Scope(
                    (unit, standing) -> needed(standing, asked) || whole.holds(unit),
                    agenda::holds,
                    asked == Asked.OPEN);
            Tally tally = new Tally(config, units, scope, ledger, acceptance, listener);
            Recorder recorder = new Recorder(ledger, tally, acceptance);
            if (!wanted.isEmpty()) {
                ledger.paidBy(key);
            }
            Worked worked;
            try (Pulse _ = Pulse.every(PULSE, tally::tell)) {
                worked = work(units, ledger, tally, recorder, agenda);
            } finally {
                tally.tell();
            }
            Ending ending = worked.ending();
            SortedMap<String, Long> counts = counts(ledger, tally, acceptance, units);
            List<Path> shards = switch (ending) {
                case Ending.Done _, Ending.BudgetReached _ ->
                    new ShardExport(config, ledger, storage).write(units, counts);
                case Ending.Interrupted _, Ending.Stopped _ -> List.of();
            };
            return new HarvestResult(
                    ending,
                    tally.units(),
                    tally.completedUnits(),
                    tally.failedUnits(),
                    worked.requests(),
                    ledger.boughtTokens(),
                    ledger.spent(),
                    ledger.estimated(),
                    ledger.unanswered(),
                    counts,
                    shards);
        }
    }

    private static boolean needed(Standing unit, Asked asked) {
        return unit.isSettled() || (asked == Asked.FAILED && asked.asks(unit));
    }

    private static List<Unit> in(List<Unit> units, Asked asked, Ledger ledger) {
        return units.stream()
                .filter(unit -> asked.asks(ledger.standing(unit.id())))
                .toList();
    }

    /** In a batch the provider has an order of its own, and nothing of it is known before it is over. */
    private Asking order() {
        return config.limits().batch() == null
                ? config.asking()
                : config.asking().withSharedPrefix(0);
    }

    /** Why a run ended, and how many requests it sent. */
    private record Worked(Ending ending, long requests) {}

    /** Batches first: those that are on their way are collected whatever the transport is now. */
    private Worked work(List<Unit> units, Ledger ledger, Tally tally, Recorder recorder, Agenda agenda)
            throws IOException {
        boolean inBatches = config.limits().batch() != null;
        long sent = 0;
        if (inBatches || !ledger.openBatches().isEmpty()) {
            if (batches == null) {
                throw new HarvestConfigException(
                        List.of(
                                "harvest.transport: there are batches on their way at an API, or"
                                        + " batches are asked for, and this teacher is none; put teacher.url back, or give another folder"));
            }
            Map<String, Unit> byId = new HashMap<>();
            units.forEach(unit -> byId.put(unit.id(), unit));
            try (BatchApi api = batches.get()) {
                BatchRun run = new BatchRun(config, api, ledger, tally, recorder, agenda);
                Ending ending = during(run::stop, () -> run.work(byId, inBatches));
                sent = run.requests();
                if (inBatches || !(ending instanceof Ending.Done)) {
                    return new Worked(ending, sent);
                }
            }
        }
        try (Teacher teacher = teachers.get()) {
            HarvestRun run = new HarvestRun(config, teacher, ledger, tally, recorder);
            Ending ending = during(run::stop, () -> run.work(agenda));
            return new Worked(ending, sent + run.requests());
        }
    }

    /** Work that can be stopped from another thread. */
    private interface Work {
        Ending run() throws IOException;
    }

    private Ending during(Consumer<Ending> stop, Work work) throws IOException {
        current.set(stop);
        try {
            if (stopped) {
                stop.accept(new Ending.Interrupted());
            }
            return work.run();
        } finally {
            current.set(null);
        }
    }

    /**
     * Begins no further request and ends the run once those in flight are done, or cut off after {@link Limits#grace}. From any
     * thread, for example a shutdown hook; does not wait.
     */
    public void stop() {
        stopped = true;
        Consumer<Ending> stop = current.get();
        if (stop != null) {
            stop.accept(new Ending.Interrupted());
        }
    }

    private SortedMap<String, Long> counts(Ledger ledger, Tally tally, Acceptance acceptance, List<Unit> units) {
        SortedMap<String, Long> counts = new TreeMap<>(config.output().stage().counts());
        counts.put("units", (long) tally.units());
        counts.put("completed", (long) tally.completedUnits());
        counts.put("bought_tokens", ledger.boughtTokens());
        tally.failedUnits().forEach((reason, n) -> counts.put("failed_" + reason, (long) n));
        if (!ledger.openBatches().isEmpty()) {
            counts.put("open_batches", (long) ledger.openBatches().size());
        }
        if (acceptance.isAsked()) {
            counts.put("accepted", (long) acceptance.accepted());
            counts.put("short_prompts", (long) acceptance.shortPrompts(units));
        }
        return counts;
    }
}
