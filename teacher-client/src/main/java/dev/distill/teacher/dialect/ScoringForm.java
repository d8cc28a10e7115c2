package dev.distill.teacher.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.teacher.ScoredText;
import dev.distill.teacher.ScoredText.Candidate;
import dev.distill.teacher.ScoredText.Token;
import dev.distill.teacher.ScoringRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ways to have a given text scored by the completions API: OpenAI's first one, which vLLM, llama.cpp's Python server and Together still speak, and
 * vLLM's own. A token is always written behind the text, for llama.cpp's server takes a limit of 0 for none at all.
 */
public enum ScoringForm {
    /** {@code echo} with {@code logprobs}, tokens called by their ids ({@code return_tokens_as_token_ids}, vLLM). */
    ECHO_IDS,
    /** {@code echo} with {@code logprobs}, no word that OpenAI does not know. */
    ECHO,
    /** {@code prompt_logprobs}, vLLM, also where {@code echo} is refused. */
    PROMPT_LOGPROBS;

    private static final String ID = "token_id:";

    /** Whether a reply in this form tells ids. */
    public boolean tellsIds() {
        return this != ECHO;
    }

    /** The request body: UTF-8 JSON. */
    public byte[] body(String model, ScoringRequest request) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("model", model).put("max_tokens", 1).put("temperature", 0);
        if (request.tokens().isEmpty()) {
            body.put("prompt", request.text());
        } else {
            request.tokens().forEach(body.putArray("prompt")::add);
        }
        switch (this) {
            case ECHO_IDS ->
                body.put("echo", true)
                        .put("logprobs", request.topK())
                        .put("return_tokens_as_token_ids", true)
                        .put("add_special_tokens", false);
            case ECHO -> body.put("echo", true).put("logprobs", request.topK());
            case PROMPT_LOGPROBS ->
                body.put("prompt_logprobs", request.topK())
                        .put("return_token_ids", true)
                        .put("add_special_tokens", false);
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads a reply.
     *
     * @param request what it is to
     * @return empty where it has no log-probabilities of the text that was given
     * @throws IllegalArgumentException if it is no reply of this API
     */
    public Optional<ScoredText> read(String reply, ScoringRequest request) {
        JsonNode choice;
        try {
            choice = Json.MAPPER.readTree(reply).path("choices").path(0);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no JSON: " + e.getOriginalMessage(), e);
        }
        if (!choice.isObject()) {
            throw new IllegalArgumentException("has no choices");
        }
        List<Token> tokens =
                this == PROMPT_LOGPROBS ? promptTokens(choice, request.text()) : echoed(choice, request.text());
        return tokens.size() < 2 ? Optional.empty() : Optional.of(new ScoredText(tokens));
    }

    private static List<Token> echoed(JsonNode choice, String given) {
        JsonNode logprobs = choice.path("logprobs");
        JsonNode texts = logprobs.path("tokens");
        JsonNode own = logprobs.path("token_logprobs");
        JsonNode top = logprobs.path("top_logprobs");
        JsonNode offsets = logprobs.path("text_offset");
        if (!own.path(0).isNull() && !choice.path("text").asText().startsWith(given)) {
            return List.of(); // of what was written alone: the first token of a text has nothing before it
        }
        List<Token> tokens = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.path(i).asText();
            int id = id(text);
            List<Candidate> likeliest = new ArrayList<>();
            top.path(i).properties().forEach(entry -> likeliest.add(candidate(entry)));
            String said = id == ScoredText.NO_ID ? text : "";
            int at = id != ScoredText.NO_ID
                    ? -1
                    : offsets.path(i).isInt() ? offsets.path(i).asInt() : begin;
            tokens.add(new Token(said, id, at, own.path(i).asDouble(Double.NaN), likeliest));
            begin += text.codePointCount(0, text.length());
        }
        return tokens;
    }

    private static Candidate candidate(Map.Entry<String, JsonNode> entry) {
        int id = id(entry.getKey());
        return new Candidate(
                id == ScoredText.NO_ID ? entry.getKey() : "",
                id,
                entry.getValue().asDouble());
    }

    private static int id(String text) {
        try {
            return text.startsWith(ID) ? Integer.parseInt(text.substring(ID.length())) : ScoredText.NO_ID;
        } catch (NumberFormatException e) {
            return ScoredText.NO_ID; // a text that happens to begin so
        }
    }

    /**
     * A list with an object a place: by id {@code logprob}, {@code rank} and {@code decoded_token}; the text's own token is the first. The very first
     * place has none, so that places are counted from the end.
     */
    private static List<Token> promptTokens(JsonNode choice, String given) {
        JsonNode places = choice.path("prompt_logprobs");
        JsonNode ids = choice.path("prompt_token_ids");
        List<Token> tokens = new ArrayList<>();
        int begin = given.codePointCount(0, given.length());
        for (int i = places.size() - 1; i >= 0; i--) {
            List<Candidate> likeliest = new ArrayList<>();
            places.path(i).properties().forEach(entry -> likeliest.add(decoded(entry)));
            int id = ids.path(i)
                    .asInt(
                            likeliest.isEmpty()
                                    ? ScoredText.NO_ID
                                    : likeliest.getFirst().id());
            Candidate own = likeliest.stream()
                    .filter(candidate -> candidate.id() == id)
                    .findFirst()
                    .orElse(new Candidate("", id, Double.NaN));
            begin = i == 0 ? 0 : begin - own.text().codePointCount(0, own.text().length());
            tokens.addFirst(new Token(own.text(), id, begin, own.logProbability(), likeliest));
        }
        return tokens;
    }

    private static Candidate decoded(Map.Entry<String, JsonNode> entry) {
        JsonNode said = entry.getValue();
        return new Candidate(
                said.path("decoded_token").asText(""),
                Integer.parseInt(entry.getKey()),
                said.path("logprob").asDouble());
    }
}
