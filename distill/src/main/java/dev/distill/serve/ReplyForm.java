package dev.distill.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.tokenize.Tokenizer;
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

    /** The object of a whole reply, {@code object} a name of OpenAI's. */
    final ObjectNode root(String object) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", order.lane().name());
    }

    /** A chunk of a stream: a choice of it. */
    final ObjectNode choice(ObjectNode chunk, int row) {
        if (order.common().usage()) {
            chunk.putNull("usage");
        }
        return chunk.putArray("choices").addObject().put("index", row);
    }

    /** A stream's first chunks of a row, before anything was written. */
    abstract List<ObjectNode> begin(int row);

    /** What a row has grown by. */
    abstract ObjectNode chunk(int row, Said said);

    /** A row has ended. */
    abstract ObjectNode end(int row, String finish);

    /** A prompt's tokens with their log-probabilities. */
    abstract void scored(int prompt, List<Said.Token> tokens);

    /** What a stream ends with, where that is asked for. */
    final ObjectNode usage(ReplySink.Usage usage) {
        ObjectNode chunk = empty();
        chunk.putArray("choices");
        chunk.set("usage", json(usage));
        return chunk;
    }

    /** A chunk with nothing in it. */
    abstract ObjectNode empty();

    /** A whole reply, from what each row has said and how it ended. */
    abstract ObjectNode whole(List<Said> said, List<String> finish, ReplySink.Usage usage);

    static ObjectNode json(ReplySink.Usage usage) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", usage.promptTokens() + usage.completionTokens());
        node.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoningTokens());
        return node;
    }

    final byte[] bytes(int id) {
        return tokenizer.bytes(id);
    }

    /** A token's text, parts of characters as U+FFFD; or its name by its id. */
    final String text(int id) {
        return order.told().asIds() ? "token_id:" + id : new String(bytes(id), StandardCharsets.UTF_8);
    }

    final void addBytes(ArrayNode to, int id) {
        for (byte b : bytes(id)) {
            to.add(b & 0xff);
        }
    }
}
