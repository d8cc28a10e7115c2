package dev.distill.teacher.harvest;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Money;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Received;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.dialect.DialectGuess;
import dev.distill.teacher.dialect.DialectTable;
import dev.distill.teacher.dialect.ProbedDialect;
import dev.distill.teacher.pay.Tariff;
import dev.distill.teacher.wire.DialectProbe;
import dev.distill.teacher.wire.Endpoint;
import dev.distill.teacher.wire.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The dialect of a harvest that is to find it out by itself: probed once, paid for in the ledger, and kept in the harvest's folder, so that a later run
 * asks with the same words and its units have the same ids.
 */
public final class DialectFinder {
    private static final String FILE = "dialect.yaml";

    private final Path folder;
    private final Spending spending;

    /**
     * @param folder of the harvest, which must be there
     * @param spending what the probe may cost
     */
    public DialectFinder(Path folder, Spending spending) {
        this.folder = folder;
        this.spending = spending;
    }

    /**
     * The endpoint with its dialect.
     *
     * @param guess the endpoint with what its address tells
     * @param told hears what was found out, one line at a time
     * @throws HarvestConfigException if the probe does not fit into the budget
     * @throws IOException if the server could not be asked, or takes no request that this program can write
     */
    public Endpoint find(Endpoint guess, ApiKey key, Sampling sampling, Patience patience, Consumer<String> told)
            throws IOException {
        Path file = folder.resolve(FILE);
        Optional<Endpoint> kept = kept(guess);
        if (kept.isPresent()) {
            told.accept("dialect " + kept.get().dialect().name() + ", as an earlier run has found out (" + file + ")");
            return kept.get();
        }
        DialectProbe probe = new DialectProbe(guess, key, sampling, patience);
        DialectProbe.Found found = probe(probe, guess, key);
        found.findings().forEach(line -> told.accept("dialect: " + line));
        if (!found.isSettled()) {
            throw new IOException(
                    "teacher.dialect: auto could not be found out: " + guess.model() + " at " + guess.url()
                            + " said " + found.exchange().outcome().describe()
                            + "; put that right and give the same command again, or name the dialect");
        }
        Dialect dialect = found.guess().dialect();
        AtomicFile.write(
                file, DialectTable.probedYaml(new ProbedDialect(dialect.facts(), guess.model(), found.findings())));
        told.accept("dialect " + dialect.name() + "; kept in " + file);
        return endpoint(guess, dialect);
    }

    /** The endpoint with the dialect that an earlier run has found out; empty where none has. */
    public Optional<Endpoint> kept(Endpoint guess) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ProbedDialect kept = DialectTable.loadProbed(file);
        return kept.model().equals(guess.model())
                ? Optional.of(endpoint(
                        guess, new Dialect(kept.facts(), guess.dialect().asked())))
                : Optional.empty();
    }

    private static Endpoint endpoint(Endpoint guess, Dialect dialect) {
        return new Endpoint(guess.url(), guess.model(), dialect);
    }

    private DialectProbe.Found probe(DialectProbe probe, Endpoint guess, ApiKey key) throws IOException {
        Tariff tariff = spending.tariff();
        Money worst = tariff.costAtMost(
                probe.request().promptTokensAtMost(),
                guess.dialect().completionTokensAtMost(probe.request().sampling()));
        try (Ledger ledger = Ledger.open(folder.resolve("ledger.journal"), tariff.currency())) {
            Money cap = spending.cap();
            if (cap != null && ledger.atMost().plus(worst).amount().compareTo(cap.amount()) > 0) {
                throw new HarvestConfigException(
                        List.of("harvest.budget: the probe of teacher.dialect auto may cost " + worst + ", and "
                                + ledger.atMost() + " of " + cap + " are spent; raise it, or name the dialect"));
            }
            ledger.paidBy(key.label());
            String unit = Hash.of(List.of("probe", Instant.now().toString()));
            ledger.asking(unit, worst, 1);
            DialectProbe.Found found =
                    probe.ask(DialectGuess.of(guess.url(), guess.dialect().asked()));
            charge(ledger, unit, found.exchange(), probe, worst);
            return found;
        }
    }

    /** As the provider counted; where it did not, and may have begun to work, all that it may have cost. */
    private void charge(Ledger ledger, String unit, Exchange exchange, DialectProbe probe, Money worst) {
        Received received = exchange.received();
        Paid paid = Paid.of(probe.request(), exchange, spending.tariff(), Instant.now(), worst);
        if (paid.isNothing()) {
            ledger.free(unit, exchange.outcome().word());
            return;
        }
        ledger.append(new LedgerEntry.Attempt(unit, paid, "probe", "teacher.dialect: auto", received, Instant.now()));
    }
}
