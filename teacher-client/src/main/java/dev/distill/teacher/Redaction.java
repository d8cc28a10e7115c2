package dev.distill.teacher;

import dev.distill.teacher.Outcome.Completed;

/** What a provider has said, without the key, should it have echoed it: nothing else of it reaches a ledger or a shard. */
public final class Redaction {
    private Redaction() {}

    /** The outcome, with the texts of a reply redacted. Its tokens would spell the key again: where a text has changed they go. */
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
        return new Completed(redacted.equals(reply) ? reply : redacted.withoutTokens());
    }

    /** What had arrived, redacted. */
    public static Received of(Received raw, ApiKey key) {
        return new Received(key.redact(raw.reasoning()), key.redact(raw.content()), raw.deltas(), raw.usage());
    }
}
