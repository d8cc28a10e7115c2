package dev.distill.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.distill.student.ops.TeacherRows;
import java.io.IOException;
import java.util.List;

/**
 * Chat completions. Reasoning stands in {@code reasoning_content}, apart from {@code content}, and so do the log-probabilities of its tokens, as
 * DeepSeek has both.
 */
final class ChatForm extends ReplyForm {
    private static final String CONTENT = "content";
    private static final String REASONING = "reasoning_content";
    private static final String LOGPROBS = "logprobs";
    private static final String FINISH = "finish_reason";

    ChatForm(Order order) {
        super(order, "chatcmpl-");
    }

    @Override
    String chunkName() {
        return "chat.completion.chunk";
    }

    @Override
    String wholeName() {
        return "chat.completion";
    }

    @Override
    List<Json> begin(int row) {
        return List.of(chunk(row, out -> {
            out.writeObjectFieldStart("delta");
            out.writeStringField("role", "assistant");
            out.writeStringField(CONTENT, "");
            out.writeEndObject();
            out.writeNullField(LOGPROBS);
            out.writeNullField(FINISH);
        }));
    }

    @Override
    Json chunk(int row, Said said) {
        return chunk(row, out -> {
            out.writeObjectFieldStart("delta");
            if (!said.reasoning().isEmpty()) {
                out.writeStringField(REASONING, said.reasoning());
            }
            if (!said.answer().isEmpty()) {
                out.writeStringField(CONTENT, said.answer());
            }
            out.writeEndObject();
            logprobs(out, said);
            out.writeNullField(FINISH);
        });
    }

    @Override
    Json end(int row, String finish) {
        return chunk(row, out -> {
            out.writeObjectFieldStart("delta");
            out.writeEndObject();
            out.writeNullField(LOGPROBS);
            out.writeStringField(FINISH, finish);
        });
    }

    @Override
    void scored(int prompt, List<Said.Token> tokens) {
        throw new IllegalStateException("a chat's prompt is not told");
    }

    @Override
    void whole(JsonGenerator out, int row, Said said) throws IOException {
        out.writeObjectFieldStart("message");
        out.writeStringField("role", "assistant");
        out.writeStringField(CONTENT, said.answer());
        if (!said.reasoning().isEmpty()) {
            out.writeStringField(REASONING, said.reasoning());
        }
        out.writeEndObject();
        logprobs(out, said);
    }

    private void logprobs(JsonGenerator out, Said said) throws IOException {
        if (!order.told().logprobs()) {
            out.writeNullField(LOGPROBS);
            return;
        }
        out.writeObjectFieldStart(LOGPROBS);
        list(out, CONTENT, said.answerTokens());
        if (!said.reasoningTokens().isEmpty()) {
            list(out, REASONING, said.reasoningTokens());
        }
        out.writeEndObject();
    }

    private void list(JsonGenerator out, String name, List<Said.Token> tokens) throws IOException {
        out.writeArrayFieldStart(name);
        for (Said.Token token : tokens) {
            open(out, token.id(), token.logProbability());
            out.writeArrayFieldStart("top_logprobs");
            TeacherRows likeliest = token.likeliest();
            for (int i = 0; likeliest.rows() > 0 && i < likeliest.count(0); i++) {
                open(out, likeliest.id(0, i), likeliest.logProbability(0, i));
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void open(JsonGenerator out, int id, float logProbability) throws IOException {
        out.writeStartObject();
        out.writeStringField("token", text(id));
        out.writeNumberField("logprob", logProbability);
        out.writeArrayFieldStart("bytes");
        for (byte b : bytes(id)) {
            out.writeNumber(b & 0xff);
        }
        out.writeEndArray();
    }
}
