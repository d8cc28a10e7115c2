package dev.distill.teacher.wire;

import dev.distill.data.shard.SaidTokens;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Completed;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a server has sent, without the key, should it have echoed it.
 *
 * @param key which must not be seen
 */
record Redaction(ApiKey key) {
    Received of(Received raw) {
        return new Received(
                key.redact(raw.reasoning()), key.redact(raw.content()), raw.deltas(), raw.usage(), raw.billed());
    }

    Outcome of(Outcome outcome) {
        return outcome instanceof Completed(Reply reply) ? new Completed(of(reply)) : outcome;
    }

    private Reply of(Reply reply) {
        String reasoning = reply.reasoning();
        return new Reply(
                reasoning == null ? null : key.redact(reasoning),
                key.redact(reply.answer()),
                key.redact(reply.raw()),
                reply.finish(),
                key.redact(reply.model()),
                reply.kind(),
                tokens(reply));
    }

    /** Tokens say the text again, and what might have stood in its place: where the key is in either, there are none. */
    private @Nullable SaidTokens tokens(Reply reply) {
        SaidTokens tokens = reply.tokens();
        String reasoning = reply.reasoning();
        if (tokens == null
                || holdsKey(reply.raw())
                || holdsKey(reply.answer())
                || (reasoning != null && holdsKey(reasoning))
                || holdsKey(new String(tokens.code(), StandardCharsets.ISO_8859_1))) {
            return null;
        }
        return tokens;
    }

    private boolean holdsKey(String text) {
        return !key.redact(text).equals(text);
    }
}
