package dev.distill.teacher.harvest;

import dev.distill.data.journal.Journal;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.teacher.TeacherRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a harvest would do, without doing it: nothing is asked, nothing is written, and a harvest that is going on in the folder is not disturbed.
 *
 * @param first requests that are still to be sent, one of each of the first three prompts
 * @param units samples of prompts, all that may be asked for
 * @param completed of them, by the folder's ledger
 * @param atMost that the others can cost, each at the dearest hour and as long as it may be
 * @param cost of the completed ones, failed attempts not included
 */
public record Outlook(List<TeacherRequest> first, long units, long completed, Money atMost, Money cost) {
    private static final int SHOWN = 3;

    public Outlook {
        first = List.copyOf(first);
    }

    /** @throws IOException if the folder's ledger cannot be read */
    public static Outlook of(HarvestConfig config, List<Prompt> prompts) throws IOException {
        Map<String, Money> bought = bought(config.output().ledger());
        List<Unit> units = Unit.all(prompts, config);
        List<Unit> open =
                units.stream().filter(unit -> !bought.containsKey(unit.id())).toList();
        String currency = config.spending().tariff().currency();
        return new Outlook(
                first(open),
                units.size(),
                units.size() - open.size(),
                open.stream().map(unit -> config.costAtMost(unit.request())).reduce(Money.zero(currency), Money::plus),
                units.stream()
                        .filter(unit -> bought.containsKey(unit.id()))
                        .map(unit -> bought.getOrDefault(unit.id(), Money.zero(currency)))
                        .reduce(Money.zero(currency), Money::plus));
    }

    private static List<TeacherRequest> first(List<Unit> open) {
        Map<String, TeacherRequest> first = new LinkedHashMap<>();
        open.forEach(unit -> first.putIfAbsent(unit.prompt().id(), unit.request()));
        return first.values().stream().limit(SHOWN).toList();
    }

    private static Map<String, Money> bought(Path ledger) throws IOException {
        Map<String, Money> bought = new HashMap<>();
        if (Files.exists(ledger)) {
            Journal.read(ledger, record -> {
                if (LedgerCodec.isCompleted(record)
                        && LedgerCodec.decodeWithoutTexts(record) instanceof LedgerEntry.Completed completed) {
                    bought.putIfAbsent(completed.unit(), completed.paid().cost());
                }
            });
        }
        return bought;
    }

    /** What the others will cost if they are like those that are there; empty where none is. */
    public Optional<Money> expected() {
        if (completed == 0) {
            return Optional.empty();
        }
        return Optional.of(cost.dividedBy(completed).times(BigDecimal.valueOf(units - completed)));
    }
}
