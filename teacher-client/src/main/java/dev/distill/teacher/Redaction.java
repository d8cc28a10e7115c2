package dev.distill.teacher;

import dev.distill.data.shard.SaidTokens;
import dev.distill.teacher.Outcome.Completed;
import java.nio.charset.StandardCharsets;

/** What a provider has said, without the key, should it have echoed it: nothing else of it reaches a ledger or a shard. */
public final class Redaction {
    private Redaction() {}

    /**
     * The outcome, with the texts of a reply redacted. Its tokens would spell the key again: where a text has changed they go, and where it is among those
     * that might have stood in their place.
     */
    public static Outcome of(Outcome outcome, ApiKey key) {
        if (!(outcome instanceof Completed(Reply reply))) {
            return outcome; // its words for people are masked where they are made
        }
        String reasoning = reply.reasoning();
        Reply redacted = new Reply(
                reasoning == null ? null : key.redact(reasoning),
                key.redact(reply.answer()),
                key.redact(reply.raw()),
                reply.finish(),
                key.redact(reply.model()),
                reply.kind(),
                reply.tokens());
        boolean clean = redacted.equals(reply) && !spells(reply, key);
        return new Completed(clean ? reply : redacted.withoutTokens());
    }

    private static boolean spells(Reply reply, ApiKey key) {
        SaidTokens tokens = reply.tokens();
        String code = tokens == null ? "" : new String(tokens.code(), StandardCharsets.ISO_8859_1);
        return !key.redact(code).equals(code);
    }

    /** What had arrived, redacted. */
    public static Received of(Received raw, ApiKey key) {
        return new Received(
                key.redact(raw.reasoning()), key.redact(raw.content()), raw.deltas(), raw.usage(), raw.billed());
    }
}
