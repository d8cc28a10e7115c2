package dev.distill.teacher.harvest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.ReasoningKind;
import dev.distill.teacher.Reply;

/** The fields of a ledger's entries, written; {@link EntryReader} reads them. */
final class EntryWriter {
    private EntryWriter() {}

    /** Writes all but the unit; says the letter of its kind. */
    static char write(ObjectNode json, LedgerEntry entry) {
        return switch (entry) {
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
        json.put("attempts", entry.attempts());
        if (entry.seconds() > 0) {
            json.put("seconds", entry.seconds());
        }
        json.put("at", entry.at().toString());
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
}
