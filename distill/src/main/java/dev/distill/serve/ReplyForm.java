package dev.distill.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.distill.data.tokenize.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** How an answer is written as JSON: a chat's, or a completion's. */
abstract sealed class ReplyForm permits ChatForm, CompletionForm {
    final Order order;
    private final String id;
    private final long created = System.currentTimeMillis() / 1000;
    private final Tokenizer tokenizer;

    /** @param prefix of ids */
    ReplyForm(Order order, String prefix) {
        this.order = order;
        this.id = prefix + UUID.randomUUID().toString().replace("-", "");
        this.tokenizer = order.lane().language().tokenizer();
    }

    static ReplyForm of(Order order) {
        return order.prompts().getFirst().start() == null ? new CompletionForm(order) : new ChatForm(order);
    }

    /** The object's name where it is a chunk of a stream, in OpenAI's words. */
    abstract String chunkName();

    /** Begins an object; {@code object} is a name of OpenAI's. */
    final void open(JsonGenerator out, String object) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", id);
        out.writeStringField("object", object);
        out.writeNumberField("created", created);
        out.writeStringField("model", order.lane().name());
    }

    /** What stands in a choice beside its index. */
    @FunctionalInterface
    interface Inner {
        void write(JsonGenerator out) throws IOException;
    }

    /** A chunk of a stream: a choice of it. */
    final Json chunk(int row, Inner inner) {
        return out -> {
            open(out, chunkName());
            if (order.common().usage()) {
                out.writeNullField("usage");
            }
            out.writeArrayFieldStart("choices");
            out.writeStartObject();
            out.writeNumberField("index", row);
            inner.write(out);
            out.writeEndObject();
            out.writeEndArray();
            out.writeEndObject();
        };
    }

    /** A stream's first chunks of a row, before anything was written. */
    abstract List<Json> begin(int row);

    /** What a row has grown by. */
    abstract Json chunk(int row, Said said);

    /** A row has ended. */
    abstract Json end(int row, String finish);

    /** A prompt's tokens with their log-probabilities. */
    abstract void scored(int prompt, List<Said.Token> tokens);

    /** What a stream ends with, where that is asked for. */
    final Json usage(ReplySink.Usage usage) {
        return out -> {
            open(out, chunkName());
            out.writeArrayFieldStart("choices");
            out.writeEndArray();
            write(out, usage);
            out.writeEndObject();
        };
    }

    /** A whole reply, from what each row has said and how it ended. */
    final Json whole(List<Said> said, List<String> finish, ReplySink.Usage usage) {
        return out -> {
            open(out, wholeName());
            out.writeArrayFieldStart("choices");
            for (int row = 0; row < said.size(); row++) {
                out.writeStartObject();
                out.writeNumberField("index", row);
                whole(out, row, said.get(row));
                out.writeStringField("finish_reason", finish.get(row));
                out.writeEndObject();
            }
            out.writeEndArray();
            write(out, usage);
            out.writeEndObject();
        };
    }

    /** The object's name where it is a whole reply. */
    abstract String wholeName();

    /** A choice of a whole reply, but for its index and how it ended. */
    abstract void whole(JsonGenerator out, int row, Said said) throws IOException;

    private static void write(JsonGenerator out, ReplySink.Usage usage) throws IOException {
        out.writeObjectFieldStart("usage");
        out.writeNumberField("prompt_tokens", usage.promptTokens());
        out.writeNumberField("completion_tokens", usage.completionTokens());
        out.writeNumberField("total_tokens", usage.promptTokens() + usage.completionTokens());
        out.writeObjectFieldStart("completion_tokens_details");
        out.writeNumberField("reasoning_tokens", usage.reasoningTokens());
        out.writeEndObject();
        out.writeEndObject();
    }

    final byte[] bytes(int id) {
        return tokenizer.bytes(id);
    }

    /** A token's text, parts of characters as U+FFFD; or its name by its id. */
    final String text(int id) {
        return order.told().asIds() ? "token_id:" + id : new String(bytes(id), StandardCharsets.UTF_8);
    }
}
