package dev.distill.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.ops.TeacherRows;
import java.util.List;

/**
 * Chat completions. Reasoning stands in {@code reasoning_content}, apart from {@code content}, and so do the log-probabilities of its tokens, as
 * DeepSeek has both.
 */
final class ChatForm extends ReplyForm {
    private static final String CONTENT = "content";
    private static final String REASONING = "reasoning_content";

    ChatForm(Order order) {
        super(order, "chatcmpl-");
    }

    @Override
    ObjectNode empty() {
        return root("chat.completion.chunk");
    }

    private ObjectNode choiceOf(ObjectNode chunk, int row) {
        ObjectNode choice = choice(chunk, row);
        choice.putObject("delta");
        choice.putNull("logprobs");
        return choice.putNull("finish_reason");
    }

    @Override
    List<ObjectNode> begin(int row) {
        ObjectNode chunk = empty();
        choiceOf(chunk, row).withObject("delta").put("role", "assistant").put(CONTENT, "");
        return List.of(chunk);
    }

    @Override
    ObjectNode chunk(int row, Said said) {
        ObjectNode chunk = empty();
        ObjectNode choice = choiceOf(chunk, row);
        ObjectNode delta = choice.withObject("delta");
        if (!said.reasoning().isEmpty()) {
            delta.put(REASONING, said.reasoning());
        }
        if (!said.answer().isEmpty()) {
            delta.put(CONTENT, said.answer());
        }
        if (order.told().logprobs()) {
            logprobs(choice, said);
        }
        return chunk;
    }

    @Override
    ObjectNode end(int row, String finish) {
        ObjectNode chunk = empty();
        choiceOf(chunk, row).put("finish_reason", finish);
        return chunk;
    }

    @Override
    void scored(int prompt, List<Said.Token> tokens) {
        throw new IllegalStateException("a chat's prompt is not told");
    }

    @Override
    ObjectNode whole(List<Said> said, List<String> finish, ReplySink.Usage usage) {
        ObjectNode root = root("chat.completion");
        ArrayNode choices = root.putArray("choices");
        for (int row = 0; row < said.size(); row++) {
            ObjectNode choice = choices.addObject().put("index", row);
            ObjectNode message = choice.putObject("message").put("role", "assistant");
            message.put(CONTENT, said.get(row).answer());
            if (!said.get(row).reasoning().isEmpty()) {
                message.put(REASONING, said.get(row).reasoning());
            }
            choice.putNull("logprobs");
            if (order.told().logprobs()) {
                logprobs(choice, said.get(row));
            }
            choice.put("finish_reason", finish.get(row));
        }
        root.set("usage", json(usage));
        return root;
    }

    private void logprobs(ObjectNode choice, Said said) {
        ObjectNode logprobs = choice.putObject("logprobs");
        add(logprobs.putArray(CONTENT), said.answerTokens());
        if (!said.reasoningTokens().isEmpty()) {
            add(logprobs.putArray(REASONING), said.reasoningTokens());
        }
    }

    private void add(ArrayNode list, List<Said.Token> tokens) {
        for (Said.Token token : tokens) {
            ArrayNode top =
                    token(list.addObject(), token.id(), token.logProbability()).putArray("top_logprobs");
            TeacherRows likeliest = token.likeliest();
            for (int i = 0; likeliest.rows() > 0 && i < likeliest.count(0); i++) {
                token(top.addObject(), likeliest.id(0, i), likeliest.logProbability(0, i));
            }
        }
    }

    private ObjectNode token(ObjectNode node, int id, float logProbability) {
        node.put("token", text(id)).put("logprob", logProbability);
        addBytes(node.putArray("bytes"), id);
        return node;
    }
}
