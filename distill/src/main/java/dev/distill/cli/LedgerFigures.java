package dev.distill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Money;
import dev.distill.teacher.harvest.LedgerAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a harvest's ledger says, as {@code distill inspect} shows it. */
final class LedgerFigures {
    static final String FILE_NAME = "ledger.journal";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NO_KEY = "none or not known";

    private LedgerFigures() {}

    /** Of a folder, where it has a ledger. */
    static void ofFolder(Path folder, ObjectNode found, int rows) throws IOException {
        Path ledger = folder.resolve(FILE_NAME);
        if (Files.exists(ledger)) {
            describe(ledger, found.putObject("ledger"), rows);
        }
    }

    /** What the units that failed were asked, where the harvest has written it beside its ledger. */
    private static Map<String, String> questions(Path ledger) throws IOException {
        Path file = ledger.resolveSibling("failed.jsonl");
        Map<String, String> questions = new HashMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                JsonNode unit = JSON.readTree(line);
                questions.put(unit.path("unit").asText(), unit.path("question").asText());
            }
        }
        return questions;
    }

    /** @param rows how many failed units to show */
    static void describe(Path ledger, ObjectNode found, int rows) throws IOException {
        LedgerAccount account = LedgerAccount.read(ledger);
        found.put("completed", account.completed());
        ObjectNode attempts = found.putObject("failed_attempts");
        account.attempts().forEach(attempts::put);
        ObjectNode spent = found.putObject("spent_by_day");
        account.spent().forEach((day, money) -> spent.put(day.toString(), text(money)));
        ObjectNode keys = found.putObject("spent_by_key");
        account.byKey().forEach((key, money) -> keys.put(key.isEmpty() ? NO_KEY : key, text(money)));
        if (account.prompts().read() > 0) {
            found.put("cache_hit_share", account.prompts().share());
        }
        account.atMost().forEach(money -> found.put("spent_at_most", text(money)));
        account.unanswered()
                .ifPresent(all -> found.putObject("unanswered")
                        .put("requests", all.requests())
                        .put("at_most", text(all.atMost())));
        Map<String, Integer> reasons = new TreeMap<>();
        account.failed().forEach(unit -> reasons.merge(unit.reason(), 1, Integer::sum));
        ObjectNode failed = found.putObject("failed");
        reasons.forEach(failed::put);
        ArrayNode units = found.putArray("failed_units");
        Map<String, String> questions = account.failed().isEmpty() ? Map.of() : questions(ledger);
        account.failed().stream().limit(rows).forEach(unit -> {
            ObjectNode shown = units.addObject().put("unit", unit.unit());
            if (questions.containsKey(unit.unit())) {
                shown.put("question", questions.get(unit.unit()));
            }
            shown.put("reason", unit.reason())
                    .put("detail", unit.detail())
                    .put("attempts", unit.attempts())
                    .put("asked_again", unit.again())
                    .put("at", unit.at().toString());
        });
    }

    private static String text(Money money) {
        return money.amount().toPlainString() + " " + money.currency();
    }
}
