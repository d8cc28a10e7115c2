package dev.distill.teacher.harvest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.shard.SaidTokens;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.ReasoningKind;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A ledger entry as bytes: one letter for its kind ({@code Q}, {@code C}, {@code A}, {@code F}, {@code G}, {@code L}; {@code K} of keys; {@code B}, {@code S}, {@code O} of batches), the unit's id in
 * 32 characters, then JSON in UTF-8. Kind and unit come first so that a reader finds what it looks for without parsing the rest.
 */
final class LedgerCodec {
    private static final StreamReadConstraints ANY_LENGTH =
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build();

    // buffers shared by all threads: each unit that is under way has one of its own
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(ANY_LENGTH)
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .build())
            .build();

    /** For {@link #decodeWithoutTexts}, which few threads call, and each of them very often: a buffer for each thread. */
    private static final JsonFactory MANY = JsonFactory.builder()
            .streamReadConstraints(ANY_LENGTH)
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    /** Fields that {@link #decodeWithoutTexts} passes over. */
    private static final Set<String> TEXTS = Set.of("reasoning", "answer", "raw", "tokens", "content");

    private static final int UNIT_AT = 1;
    private static final int JSON_AT = UNIT_AT + 32;

    private LedgerCodec() {}

    static byte[] encode(LedgerEntry entry) {
        ObjectNode json = JSON.createObjectNode();
        char kind = switch (entry) {
            case LedgerEntry.Asked asked -> write(json, asked);
            case LedgerEntry.Free free -> write(json, free);
            case LedgerEntry.Lost lost -> write(json, lost);
            case LedgerEntry.Completed completed -> write(json, completed);
            case LedgerEntry.Attempt attempt -> write(json, attempt);
            case LedgerEntry.GivenUp givenUp -> write(json, givenUp);
            case LedgerEntry.KeyUsed used -> write(json, used);
            case LedgerEntry.BatchBegun begun -> write(json, begun);
            case LedgerEntry.BatchSent sent -> write(json, sent);
            case LedgerEntry.BatchOver over -> write(json, over);
        };
        try {
            // half a surrogate pair, which has no form in UTF-8, becomes a question mark
            return (kind + entry.unit() + JSON.writeValueAsString(json)).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always written", e);
        }
    }

    private static char write(ObjectNode json, LedgerEntry.Asked entry) {
        writeAtMost(json, entry.atMost());
        json.put("attempt", entry.attempt()).put("at", entry.at().toString());
        return 'Q';
    }

    private static char write(ObjectNode json, LedgerEntry.Free entry) {
        json.put("reason", entry.reason()).put("at", entry.at().toString());
        return 'F';
    }

    private static char write(ObjectNode json, LedgerEntry.Lost entry) {
        writeAtMost(json, entry.atMost());
        json.put("requests", entry.requests()).put("at", entry.at().toString());
        return 'L';
    }

    private static void writeAtMost(ObjectNode json, Money atMost) {
        json.put("at_most", atMost.amount().toPlainString()).put("currency", atMost.currency());
    }

    private static char write(ObjectNode json, LedgerEntry.Completed entry) {
        Reply reply = entry.reply();
        writePaid(json, entry.paid());
        if (reply.reasoning() != null) {
            json.put("reasoning", reply.reasoning());
        }
        json.put("answer", reply.answer());
        if (!reply.raw().equals(reply.answer())) {
            json.put("raw", reply.raw());
        }
        json.put("finish", reply.finish().word()).put("model", reply.model());
        if (reply.kind() != ReasoningKind.WHOLE) {
            json.put("reasoning_kind", reply.kind().word());
        }
        if (reply.tokens() != null) {
            json.put("tokens", reply.tokens().code());
        }
        json.put("attempts", entry.attempts()).put("at", entry.at().toString());
        return 'C';
    }

    private static char write(ObjectNode json, LedgerEntry.Attempt entry) {
        writePaid(json, entry.paid());
        json.put("reason", entry.reason()).put("detail", entry.detail());
        json.put("reasoning", entry.received().reasoning())
                .put("content", entry.received().content());
        json.put("deltas", entry.received().deltas()).put("at", entry.at().toString());
        return 'A';
    }

    private static char write(ObjectNode json, LedgerEntry.GivenUp entry) {
        json.put("reason", entry.reason()).put("detail", entry.detail()).put("attempts", entry.attempts());
        json.put("for_good", entry.forGood()).put("at", entry.at().toString());
        return 'G';
    }

    private static char write(ObjectNode json, LedgerEntry.KeyUsed entry) {
        json.put("key", entry.key()).put("at", entry.at().toString());
        return 'K';
    }

    private static char write(ObjectNode json, LedgerEntry.BatchBegun entry) {
        entry.units().forEach(json.putArray("units")::add);
        if (!entry.atMost().isEmpty()) {
            ArrayNode atMost = json.putArray("at_most");
            entry.atMost().forEach(money -> atMost.add(money.amount().toPlainString()));
            json.put("currency", entry.atMost().getFirst().currency());
        }
        json.put("at", entry.at().toString());
        return 'B';
    }

    private static char write(ObjectNode json, LedgerEntry.BatchSent entry) {
        json.put("file", entry.file());
        if (entry.batch() != null) {
            json.put("batch", entry.batch());
        }
        json.put("at", entry.at().toString());
        return 'S';
    }

    private static char write(ObjectNode json, LedgerEntry.BatchOver entry) {
        json.put("how", entry.how()).put("at", entry.at().toString());
        return 'O';
    }

    private static void writePaid(ObjectNode json, Paid paid) {
        Usage usage = paid.usage();
        json.putArray("usage")
                .add(usage.promptTokens())
                .add(usage.cacheHitTokens())
                .add(usage.completionTokens())
                .add(usage.reasoningTokens());
        json.put("estimated", paid.estimated());
        if (paid.atMost().amount().compareTo(paid.cost().amount()) != 0) {
            json.put("at_most", paid.atMost().amount().toPlainString());
        }
        json.put("cost", paid.cost().amount().toPlainString())
                .put("currency", paid.cost().currency());
    }

    /** Whether this is the record of a completed unit. */
    static boolean isCompleted(byte[] bytes) {
        return bytes.length > JSON_AT && bytes[0] == 'C';
    }

    /** The unit that a record is about. */
    static String unit(byte[] bytes) {
        return new String(bytes, UNIT_AT, JSON_AT - UNIT_AT, StandardCharsets.US_ASCII);
    }

    static LedgerEntry decode(byte[] bytes) {
        try {
            return decode(bytes, JSON.readTree(bytes, JSON_AT, bytes.length - JSON_AT));
        } catch (IOException e) {
            throw noJson(e);
        }
    }

    /** The same without the texts and tokens of replies, which are nearly all of it: for who adds up. */
    static LedgerEntry decodeWithoutTexts(byte[] bytes) {
        ObjectNode json = JSON.createObjectNode();
        try (JsonParser parser = MANY.createParser(bytes, JSON_AT, bytes.length - JSON_AT)) {
            parser.nextToken();
            for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                parser.nextToken();
                if (TEXTS.contains(field)) {
                    continue;
                }
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                    json.put(field, parser.getText()); // most are, and a reader of trees costs more than they do
                } else {
                    json.set(field, JSON.<JsonNode>readTree(parser));
                }
            }
            return decode(bytes, json);
        } catch (IOException e) {
            throw noJson(e);
        }
    }

    private static IllegalStateException noJson(IOException e) {
        return new IllegalStateException("ledger: a record is no JSON, though its checksum is right", e);
    }

    private static LedgerEntry decode(byte[] bytes, JsonNode json) throws IOException {
        String unit = unit(bytes);
        return switch ((char) bytes[0]) {
            case 'Q' ->
                new LedgerEntry.Asked(unit, atMost(json), json.path("attempt").asInt(), at(json));
            case 'F' -> new LedgerEntry.Free(unit, text(json, "reason"), at(json));
            case 'L' -> new LedgerEntry.Lost(json.path("requests").asInt(), atMost(json), at(json));
            case 'C' ->
                new LedgerEntry.Completed(
                        unit, paid(json), reply(json), json.path("attempts").asInt(), at(json));
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
                        + bytes[0] + "; was it written by a newer Distill?");
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
