package dev.distill.teacher.harvest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.shard.SaidTokens;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.ReasoningKind;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The fields of a ledger's entries, as {@link EntryWriter} has written them. */
final class EntryReader {
    private EntryReader() {}

    /** The entry of this kind that these fields are of; fields that were passed over are read as empty. */
    static LedgerEntry read(char kind, String unit, JsonNode json) throws IOException {
        return switch (kind) {
            case 'Q' ->
                new LedgerEntry.Asked(unit, atMost(json), json.path("attempt").asInt(), at(json));
            case 'F' -> new LedgerEntry.Free(unit, text(json, "reason"), at(json));
            case 'L' -> new LedgerEntry.Lost(json.path("requests").asInt(), atMost(json), at(json));
            case 'C' ->
                new LedgerEntry.Completed(
                        unit,
                        paid(json),
                        reply(json),
                        json.path("attempts").asInt(),
                        json.path("seconds").asDouble(),
                        at(json));
            case 'A' ->
                new LedgerEntry.Attempt(
                        unit, paid(json), text(json, "reason"), text(json, "detail"), received(json), at(json));
            case 'G' ->
                new LedgerEntry.GivenUp(
                        unit,
                        text(json, "reason"),
                        text(json, "detail"),
                        json.path("attempts").asInt(),
                        json.path("for_good").asBoolean(),
                        at(json));
            case 'K' -> new LedgerEntry.KeyUsed(unit, text(json, "key"), at(json));
            case 'B' -> new LedgerEntry.BatchBegun(unit, units(json), atMostOfEach(json), at(json));
            case 'S' ->
                new LedgerEntry.BatchSent(
                        unit, text(json, "file"), json.has("batch") ? text(json, "batch") : null, at(json));
            case 'O' -> new LedgerEntry.BatchOver(unit, text(json, "how"), at(json));
            default ->
                throw new IllegalStateException("ledger: a record must begin with Q, C, A, F, G, L, K, B, S or O; got "
                        + kind + "; was it written by a newer Distill?");
        };
    }

    private static Money atMost(JsonNode json) {
        return new Money(new BigDecimal(text(json, "at_most")), text(json, "currency"));
    }

    private static List<Money> atMostOfEach(JsonNode json) {
        List<Money> atMost = new ArrayList<>();
        json.path("at_most")
                .forEach(each -> atMost.add(new Money(new BigDecimal(each.asText()), text(json, "currency"))));
        return atMost;
    }

    private static Paid paid(JsonNode json) {
        JsonNode usage = json.path("usage");
        Money cost = new Money(new BigDecimal(text(json, "cost")), text(json, "currency"));
        return new Paid(
                new Usage(
                        usage.path(0).asLong(),
                        usage.path(1).asLong(),
                        usage.path(2).asLong(),
                        usage.path(3).asLong()),
                json.path("estimated").asBoolean(),
                cost,
                json.has("at_most") ? new Money(new BigDecimal(text(json, "at_most")), cost.currency()) : cost);
    }

    private static Reply reply(JsonNode json) throws IOException {
        String answer = text(json, "answer");
        String kind = json.path("reasoning_kind").asText(ReasoningKind.WHOLE.word());
        return new Reply(
                json.has("reasoning") ? text(json, "reasoning") : null,
                answer,
                json.has("raw") ? text(json, "raw") : answer,
                FinishReason.of(text(json, "finish")),
                text(json, "model"),
                ReasoningKind.valueOf(kind.toUpperCase(Locale.ROOT)),
                json.has("tokens") ? SaidTokens.of(json.path("tokens").binaryValue()) : null);
    }

    private static Received received(JsonNode json) {
        return new Received(
                text(json, "reasoning"),
                text(json, "content"),
                json.path("deltas").asInt(),
                null);
    }

    private static List<String> units(JsonNode json) {
        List<String> units = new ArrayList<>();
        json.path("units").forEach(unit -> units.add(unit.asText()));
        return units;
    }

    private static String text(JsonNode json, String field) {
        return json.path(field).asText();
    }

    private static Instant at(JsonNode json) {
        return SecondsRead.instant(text(json, "at"));
    }
}
