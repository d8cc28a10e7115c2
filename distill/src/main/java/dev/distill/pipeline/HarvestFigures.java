package dev.distill.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Money;
import dev.distill.teacher.harvest.Bought;
import dev.distill.teacher.harvest.Forecast;
import dev.distill.teacher.harvest.HarvestProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** How far a harvest is, in the fields that docs/formats.md names. */
final class HarvestFigures {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a line of the history leaves out: it is long, or the same in all of them. */
    private static final List<String> OF_NOW = List.of("currency", "budget", "spent_by_day", "spent_by_key");

    private HarvestFigures() {}

    /** All of it. */
    static ObjectNode now(HarvestProgress progress) {
        ObjectNode json = JSON.createObjectNode();
        json.put("units", progress.units())
                .put("completed", progress.completed())
                .put("failed", progress.failed());
        progress.failures().forEach(json.putObject("failures")::put);
        progress.accepted().ifPresent(right -> json.put("accepted", right));
        json.put("retries", progress.requests().retries())
                .put("in_flight", progress.requests().inFlight())
                .put("in_flight_limit", progress.requests().limit());
        Bought bought = progress.bought();
        json.put("bought_tokens", bought.tokens())
                .put("prompt_tokens", bought.prompts().read())
                .put("cache_hit_tokens", bought.prompts().cached())
                .put("spent", amount(bought.spent()))
                .put("currency", bought.spent().currency());
        put(json, "budget", progress.budget());
        ObjectNode days = json.putObject("spent_by_day");
        bought.byDay().forEach((day, money) -> days.put(day.toString(), amount(money)));
        ObjectNode keys = json.putObject("spent_by_key");
        bought.byKey().forEach((key, money) -> keys.put(key, amount(money)));
        Forecast forecast = progress.forecast();
        json.put("units_per_s", forecast.unitsPerSecond()).put("tokens_per_s", forecast.tokensPerSecond());
        forecast.left().map(Duration::toSeconds).ifPresent(seconds -> json.put("left_s", seconds));
        put(json, "spent_in_the_end", forecast.spent());
        put(json, "spent_each", forecast.each());
        put(json, "spent_each_in_the_end", forecast.eachInTheEnd());
        return json.put("at", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    }

    /** What changes, for a line among many. */
    static ObjectNode line(HarvestProgress progress) {
        return now(progress).without(OF_NOW);
    }

    private static void put(ObjectNode json, String name, Optional<Money> money) {
        money.ifPresent(value -> json.put(name, amount(value)));
    }

    private static String amount(Money money) {
        return money.amount().toPlainString();
    }
}
