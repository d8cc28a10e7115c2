package dev.distill.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Reads requests to {@code /v1/completions}: texts to be continued as they are, all of what is written is answer. */
final class CompletionReader {
    private static final String PROMPT = "prompt";
    private static final int STANDARD_TOKENS = 16;
    private static final int MOST_LIKELIEST = 20;

    private final CommonReader common;

    CompletionReader(CommonReader common) {
        this.common = common;
    }

    Order read(byte[] body) throws ApiError {
        Fields fields = Fields.of(StrictJson.read(body));
        Lane lane = common.lane(fields);
        Order.Common wishes = common.read(fields);
        OptionalInt likeliest = fields.value("logprobs").isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(fields.whole("logprobs", 0, MOST_LIKELIEST, 0));
        boolean echo = fields.flag("echo", false);
        boolean asIds = fields.flag("return_tokens_as_token_ids", false);
        var maxTokens = CommonReader.maxTokens(fields, echo ? 0 : 1); // none: to have a text scored
        fields.refuse("suffix", "\"\"");
        fields.refuse("add_special_tokens", "false");
        JsonNode given = fields.value(PROMPT)
                .orElseThrow(() -> ApiError.invalid(PROMPT, "prompt must be given: a string, strings or token ids"));
        fields.refuseOthers();
        List<Order.Prompt> prompts = numbered(prompts(lane, given, wishes.n()), wishes.n());
        int limit = common.limit(lane, maxTokens, STANDARD_TOKENS, prompts, PROMPT);
        Order.Told told = new Order.Told(likeliest.isPresent(), likeliest.orElse(0), echo, asIds);
        return CommonReader.requireTellable(new Order(lane, prompts, wishes, limit, told), "logprobs");
    }

    /** A prompt that stands in the list several times is sampled as often: nobody lists it to read the same text again. */
    private static List<Order.Prompt> numbered(List<Order.Prompt> prompts, int n) {
        Map<String, Integer> samples = new HashMap<>();
        List<Order.Prompt> numbered = new ArrayList<>();
        for (Order.Prompt prompt : prompts) {
            int first = samples.merge(prompt.seedName(), n, Integer::sum) - n;
            numbered.add(new Order.Prompt(prompt.ids(), prompt.text(), prompt.start(), prompt.seedName(), first));
        }
        return numbered;
    }

    private List<Order.Prompt> prompts(Lane lane, JsonNode given, int n) throws ApiError {
        if (given.isTextual()) {
            return List.of(ofText(lane, given.textValue()));
        }
        if (!given.isArray() || given.isEmpty()) {
            throw ApiError.invalid(
                    PROMPT, "prompt must be a string, strings, token ids or lists of them; got " + Fields.shown(given));
        }
        if (given.get(0).isNumber()) {
            return List.of(ofIds(lane, given));
        }
        common.requireFew(given.size(), n, PROMPT); // before any is tokenised
        List<Order.Prompt> prompts = new ArrayList<>();
        for (JsonNode one : given) {
            if (one.isTextual() == given.get(0).isTextual() && (one.isTextual() || one.isArray())) {
                prompts.add(one.isTextual() ? ofText(lane, one.textValue()) : ofIds(lane, one));
            } else {
                throw ApiError.invalid(
                        PROMPT, "prompt must be all strings or all lists of token ids; got " + Fields.shown(one));
            }
        }
        return prompts;
    }

    private static Order.Prompt ofText(Lane lane, String text) throws ApiError {
        int[] ids = lane.encode(text, PROMPT);
        if (ids.length == 0) {
            throw ApiError.invalid(PROMPT, "prompt has no token; at least one is needed");
        }
        return new Order.Prompt(ids, text, null, Hash.of(List.of(Role.USER.word(), text)), 0);
    }

    private static Order.Prompt ofIds(Lane lane, JsonNode list) throws ApiError {
        Tokenizer tokenizer = lane.language().tokenizer();
        int most = Math.min(tokenizer.vocabularySize(), lane.vocabulary());
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = list.get(i);
            if (!id.isInt() || id.intValue() < 0 || id.intValue() >= most) {
                throw ApiError.invalid(
                        PROMPT,
                        "prompt: token ids are whole numbers from 0 to " + (most - 1) + "; got " + Fields.shown(id));
            }
            ids[i] = id.intValue();
        }
        if (ids.length == 0) {
            throw ApiError.invalid(PROMPT, "prompt has no token; at least one is needed");
        }
        return new Order.Prompt(ids, tokenizer.decode(ids, false), null, Hash.of(List.of(Arrays.toString(ids))), 0);
    }
}
