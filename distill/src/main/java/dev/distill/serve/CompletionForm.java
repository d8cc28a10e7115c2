package dev.distill.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.distill.student.ops.TeacherRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Completions. Log-probabilities are lists side by side; {@code text_offset} counts characters (code points) from the beginning of the prompt,
 * whether that is told or not.
 */
final class CompletionForm extends ReplyForm {
    private static final String LOGPROBS = "logprobs";
    private static final String FINISH = "finish_reason";

    /** Tokens of an echoed prompt in one event. */
    private static final int ECHOED = 256;

    private final Map<Integer, List<Said.Token>> scored = new HashMap<>();
    private final int[] offsets; // of each row's next token

    CompletionForm(Order order) {
        super(order, "cmpl-");
        this.offsets = new int[order.rows()];
        for (int row = 0; row < offsets.length; row++) {
            String prompt = order.prompt(row).text();
            offsets[row] = order.scoresPrompts() ? 0 : prompt.codePointCount(0, prompt.length());
        }
    }

    @Override
    String chunkName() {
        return "text_completion";
    }

    @Override
    String wholeName() {
        return "text_completion";
    }

    /** The prompt, where it is echoed; of many tokens in several pieces, the first of which has all of the text. */
    @Override
    List<Json> begin(int row) {
        if (!order.told().echo()) {
            return List.of();
        }
        List<Said.Token> tokens = promptTokens(row);
        List<Json> pieces = new ArrayList<>();
        pieces.add(chunk(row, order.prompt(row).text(), tokens.subList(0, Math.min(ECHOED, tokens.size()))));
        for (int from = ECHOED; from < tokens.size(); from += ECHOED) {
            pieces.add(chunk(row, "", tokens.subList(from, Math.min(from + ECHOED, tokens.size()))));
        }
        return pieces;
    }

    private List<Said.Token> promptTokens(int row) {
        return scored.getOrDefault(row / order.common().n(), List.of());
    }

    private Json chunk(int row, String text, List<Said.Token> tokens) {
        return chunk(row, out -> {
            out.writeStringField("text", text);
            logprobs(out, row, tokens);
            out.writeNullField(FINISH);
        });
    }

    @Override
    Json chunk(int row, Said said) {
        return chunk(row, said.answer(), said.answerTokens());
    }

    @Override
    Json end(int row, String finish) {
        return chunk(row, out -> {
            out.writeStringField("text", "");
            out.writeNullField(LOGPROBS);
            out.writeStringField(FINISH, finish);
        });
    }

    @Override
    void scored(int prompt, List<Said.Token> tokens) {
        scored.put(prompt, tokens);
    }

    @Override
    void whole(JsonGenerator out, int row, Said said) throws IOException {
        String prompt = order.told().echo() ? order.prompt(row).text() : "";
        out.writeStringField("text", prompt + said.answer());
        List<Said.Token> tokens = new ArrayList<>(promptTokens(row));
        tokens.addAll(said.answerTokens());
        logprobs(out, row, tokens);
    }

    private void logprobs(JsonGenerator out, int row, List<Said.Token> tokens) throws IOException {
        if (!order.told().logprobs()) {
            out.writeNullField(LOGPROBS);
            return;
        }
        out.writeObjectFieldStart(LOGPROBS);
        out.writeArrayFieldStart("tokens");
        for (Said.Token token : tokens) {
            out.writeString(text(token.id()));
        }
        out.writeEndArray();
        out.writeArrayFieldStart("token_logprobs");
        for (Said.Token token : tokens) {
            if (Float.isNaN(token.logProbability())) {
                out.writeNull();
            } else {
                out.writeNumber(token.logProbability());
            }
        }
        out.writeEndArray();
        out.writeArrayFieldStart("top_logprobs");
        for (Said.Token token : tokens) {
            likeliest(out, token);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("text_offset");
        for (Said.Token token : tokens) {
            out.writeNumber(offsets[row]);
            offsets[row] += characters(token.id());
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private void likeliest(JsonGenerator out, Said.Token token) throws IOException {
        if (Float.isNaN(token.logProbability())) {
            out.writeNull();
            return;
        }
        Map<String, Float> place = new LinkedHashMap<>();
        TeacherRows likeliest = token.likeliest();
        for (int i = 0; likeliest.rows() > 0 && i < likeliest.count(0); i++) {
            // of parts of characters, which look alike, the likeliest
            place.putIfAbsent(text(likeliest.id(0, i)), likeliest.logProbability(0, i));
        }
        if (order.told().likeliest() > 0) {
            place.putIfAbsent(text(token.id()), token.logProbability());
        }
        out.writeStartObject();
        for (Map.Entry<String, Float> one : place.entrySet()) {
            out.writeNumberField(one.getKey(), one.getValue());
        }
        out.writeEndObject();
    }

    /** Characters that begin in this token. */
    private int characters(int id) {
        int count = 0;
        for (byte b : bytes(id)) {
            count += (b & 0xc0) == 0x80 ? 0 : 1; // all but the later bytes of one
        }
        return count;
    }
}
