package dev.distill.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.ops.TeacherRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Completions. Log-probabilities are lists side by side; {@code text_offset} counts characters (code points) from the beginning of the prompt,
 * whether that is told or not.
 */
final class CompletionForm extends ReplyForm {
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
    ObjectNode empty() {
        return root("text_completion");
    }

    @Override
    List<ObjectNode> begin(int row) {
        if (!order.told().echo()) {
            return List.of();
        }
        return List.of(chunk(row, order.prompt(row).text(), promptTokens(row)));
    }

    private List<Said.Token> promptTokens(int row) {
        return scored.getOrDefault(row / order.common().n(), List.of());
    }

    private ObjectNode chunk(int row, String text, List<Said.Token> tokens) {
        ObjectNode chunk = empty();
        ObjectNode choice = choice(chunk, row).put("text", text).putNull("logprobs");
        if (order.told().logprobs()) {
            logprobs(choice, row, tokens);
        }
        choice.putNull("finish_reason");
        return chunk;
    }

    @Override
    ObjectNode chunk(int row, Said said) {
        return chunk(row, said.answer(), said.answerTokens());
    }

    @Override
    ObjectNode end(int row, String finish) {
        ObjectNode chunk = empty();
        choice(chunk, row).put("text", "").putNull("logprobs").put("finish_reason", finish);
        return chunk;
    }

    @Override
    void scored(int prompt, List<Said.Token> tokens) {
        scored.put(prompt, tokens);
    }

    @Override
    ObjectNode whole(List<Said> said, List<String> finish, ReplySink.Usage usage) {
        ObjectNode root = root("text_completion");
        ArrayNode choices = root.putArray("choices");
        for (int row = 0; row < said.size(); row++) {
            String prompt = order.told().echo() ? order.prompt(row).text() : "";
            ObjectNode choice = choices.addObject().put("index", row);
            choice.put("text", prompt + said.get(row).answer()).putNull("logprobs");
            if (order.told().logprobs()) {
                List<Said.Token> tokens = new ArrayList<>(promptTokens(row));
                tokens.addAll(said.get(row).answerTokens());
                logprobs(choice, row, tokens);
            }
            choice.put("finish_reason", finish.get(row));
        }
        root.set("usage", json(usage));
        return root;
    }

    private void logprobs(ObjectNode choice, int row, List<Said.Token> tokens) {
        ObjectNode logprobs = choice.putObject("logprobs");
        ArrayNode texts = logprobs.putArray("tokens");
        ArrayNode own = logprobs.putArray("token_logprobs");
        ArrayNode top = logprobs.putArray("top_logprobs");
        ArrayNode places = logprobs.putArray("text_offset");
        for (Said.Token token : tokens) {
            texts.add(text(token.id()));
            places.add(offsets[row]);
            offsets[row] += characters(token.id());
            if (Float.isNaN(token.logProbability())) {
                own.addNull();
                top.addNull();
                continue;
            }
            own.add(token.logProbability());
            ObjectNode place = top.addObject();
            TeacherRows likeliest = token.likeliest();
            for (int i = 0; likeliest.rows() > 0 && i < likeliest.count(0); i++) {
                String text = text(likeliest.id(0, i));
                if (!place.has(text)) { // of parts of characters, which look alike, the likeliest
                    place.put(text, likeliest.logProbability(0, i));
                }
            }
            if (order.told().likeliest() > 0 && !place.has(text(token.id()))) {
                place.put(text(token.id()), token.logProbability());
            }
        }
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
