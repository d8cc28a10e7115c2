package dev.distill.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.student.generate.Sampling;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads what chats and completions ask for in the same words. */
final class CommonReader {
    private static final int MOST_STOPS = 32;
    private static final int LONGEST_STOP = 1000;
    /** Below it a softmax in FLOAT has one token left: greedy, without its overflow. */
    private static final double COLDEST = 1e-4;

    private static final double LEAST_NUCLEUS = 1e-9;

    private static final double HOTTEST = 2;
    private static final double STRONGEST_PENALTY = 100;

    /** Log-probabilities of one reply: some tens of MiB. */
    private static final long MOST_TOLD = 1 << 20;

    /** Its name in messages, and in requests that have no other for it. */
    static final String MAX_TOKENS = "max_tokens";

    private final Models models;
    private final Batching batching;
    private final SecureRandom random = new SecureRandom();

    CommonReader(Models models, Batching batching) {
        this.models = models;
        this.batching = batching;
    }

    /** The model that is asked; the first one where none is named. */
    Lane lane(Fields fields) throws ApiError {
        return models.lane(fields.text("model").orElse(models.first()));
    }

    Order.Common read(Fields fields) throws ApiError {
        fields.ignore(
                "user",
                "metadata",
                "safety_identifier",
                "prompt_cache_key",
                "prompt_cache_retention",
                "cache_control",
                "service_tier",
                "store",
                "prediction",
                "request_id",
                "priority");
        fields.refuse("presence_penalty", "0", "0.0");
        fields.refuse("frequency_penalty", "0", "0.0");
        fields.refuse("logit_bias", "{}");
        fields.refuse("best_of", "1");
        fields.refuse("min_tokens", "0");
        fields.refuse("ignore_eos", "false");
        fields.refuse("stop_token_ids", "[]");
        fields.refuse("skip_special_tokens", "true");
        fields.refuse("include_stop_str_in_output", "false");
        boolean stream = fields.flag("stream", false);
        return new Order.Common(
                fields.whole("n", 1, batching.choices(), 1),
                sampling(fields),
                fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElseGet(random::nextLong),
                stops(fields),
                stream,
                usage(fields, stream));
    }

    private static Sampling sampling(Fields fields) throws ApiError {
        double asked = fields.number("temperature", 0, HOTTEST).orElse(1);
        double temperature = asked < COLDEST ? 0 : asked;
        int topK = fields.whole("top_k", -1, Integer.MAX_VALUE, 0); // vLLM says -1 for all
        double topP = fields.number("top_p", LEAST_NUCLEUS, 1).orElse(1);
        double minP = fields.number("min_p", 0, 1).orElse(0);
        double penalty = fields.number("repetition_penalty", 1 / STRONGEST_PENALTY, STRONGEST_PENALTY)
                .orElse(1);
        return new Sampling(temperature, Math.max(0, topK), topP, minP, penalty);
    }

    private static boolean usage(Fields fields, boolean stream) throws ApiError {
        if (!stream && fields.value("stream_options").isPresent()) {
            throw ApiError.invalid("stream_options", "stream_options needs stream to be true");
        }
        Fields options = fields.inner("stream_options");
        options.ignore("include_obfuscation", "continuous_usage_stats");
        boolean usage = options.flag("include_usage", false);
        options.refuseOthers();
        return usage;
    }

    private static List<String> stops(Fields fields) throws ApiError {
        List<String> stops = new ArrayList<>();
        JsonNode given = fields.value("stop").orElse(null);
        if (given == null) {
            return stops;
        }
        if (given.size() > MOST_STOPS || !(given.isTextual() || given.isArray())) {
            throw fields.wrong("stop", "must be a string or a list of up to " + MOST_STOPS, given);
        }
        for (JsonNode stop : given.isTextual() ? List.of(given) : given) {
            if (!stop.isTextual()
                    || stop.textValue().isEmpty()
                    || stop.textValue().length() > LONGEST_STOP) {
                throw fields.wrong("stop", "must be strings of 1 to " + LONGEST_STOP + " characters", stop);
            }
            stops.add(stop.textValue());
        }
        return stops;
    }

    /** The limit that is asked for; one that is above what the server gives is cut to that later. */
    static OptionalLong maxTokens(Fields fields, int least) throws ApiError {
        return fields.whole(MAX_TOKENS, least, Integer.MAX_VALUE);
    }

    /** Of the two names that there are for it, each may be given. */
    static OptionalLong maxTokensOfChat(Fields fields) throws ApiError {
        OptionalLong old = maxTokens(fields, 1);
        OptionalLong now = fields.whole("max_completion_tokens", 1, Integer.MAX_VALUE);
        if (old.isPresent() && now.isPresent() && !old.equals(now)) {
            throw ApiError.invalid(
                    MAX_TOKENS,
                    "max_tokens and max_completion_tokens are the same limit; got " + old.getAsLong() + " and "
                            + now.getAsLong());
        }
        return now.isPresent() ? now : old;
    }

    /**
     * New tokens of each answer: what is asked for, or less where the server gives less or the context has no room for it. A client that asks for as many
     * as its own model would write gets an answer, which says that it was cut.
     *
     * @param asked empty where the request leaves it to the server
     * @param standard where it does so
     * @param param that a prompt which is too long is told under
     */
    int limit(Lane lane, OptionalLong asked, int standard, List<Order.Prompt> prompts, String param) throws ApiError {
        int longest =
                prompts.stream().mapToInt(prompt -> prompt.ids().length).max().orElseThrow();
        int least = asked.isPresent() && asked.getAsLong() == 0 ? 0 : 1;
        if (longest == 0) {
            throw ApiError.invalid(param, param + " has no token; at least one is needed");
        }
        if ((long) longest + least > lane.context()) {
            throw ApiError.tooLong(
                    param,
                    "the context of " + lane.name() + " is " + lane.context() + " tokens; this request asks for "
                            + ((long) longest + least) + ": " + longest + " in " + param + ", " + least
                            + " to be written at least");
        }
        return (int) Math.min(Math.min(asked.orElse(standard), batching.newTokens()), lane.context() - longest);
    }

    /** @throws ApiError if the reply would tell more log-probabilities than one may */
    static Order requireTellable(Order order, String param) throws ApiError {
        if (order.toldAtMost() > MOST_TOLD) {
            throw ApiError.invalid(
                    param,
                    "a reply may tell " + MOST_TOLD + " log-probabilities; this request asks for up to "
                            + order.toldAtMost() + ": " + order.rows() + " answers, up to " + order.maxNewTokens()
                            + " tokens each, " + (1 + order.told().likeliest())
                            + " log-probabilities a token; ask for less of one of them");
        }
        return order;
    }

    /** @throws ApiError if there are more answers to be written than a request may have */
    void requireFew(int prompts, int n, String param) throws ApiError {
        if ((long) prompts * n > batching.choices()) {
            throw ApiError.invalid(
                    param,
                    "a request may have " + batching.choices() + " choices; got " + prompts + " prompts with n = " + n);
        }
    }

    /** Where a request does not say how long an answer may be. */
    int newTokens() {
        return batching.newTokens();
    }
}
