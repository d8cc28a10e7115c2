package dev.distill.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.distill.data.answer.Verifier;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a judge has replied. Only a reply that is one JSON object of the form that was asked for says anything: text beside it, a second object, a
 * key twice, another key or a reason that says the contrary of the verdict may be the work of the text that was judged, and is not read.
 */
sealed interface JudgeReply {
    /**
     * One judgement.
     *
     * @param answer the final answer that the judge has read, in its own short form; empty where it names none
     */
    record Vote(Outcome outcome, String answer, String reason) implements JudgeReply {}

    /** @param why for a person */
    record Unreadable(String why) implements JudgeReply {}

    /** Passes a reply that can be read. */
    Verifier READABLE = new Verifier() {
        @Override
        public String name() {
            return "judge-reply";
        }

        @Override
        public Verdict verify(Trace reply) {
            return switch (read(reply)) {
                case Vote vote -> Verdict.pass(name(), vote.outcome().word());
                case Unreadable(String why) -> Verdict.fail(name(), why);
            };
        }
    };

    static JudgeReply read(Trace reply) {
        return reply.finish() == FinishReason.LENGTH
                ? new Unreadable("cut off before its end")
                : ReplyObject.read(reply.answer());
    }

    /** Reads the text of a reply. */
    final class ReplyObject {
        private static final JsonMapper JSON = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER) // LaTeX in a reason
                .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                .build();
        private static final Pattern FENCED = Pattern.compile("(?s)```(?:json)?\\s*\\n(.*)\\n\\s*```");
        private static final Set<String> KEYS = Set.of("answer", "reason", "verdict");
        private static final int LONGEST = 300;

        /** What the reason of the verdict right never says, and that of wrong not without the contrary. */
        private static final Pattern DENIES = Pattern.compile("\\b(?:incorrect|wrong|mismatch(?:es)?"
                + "|(?:is|are|was|were|do|does)(?: not|n['\u2019]t) (?:correct|right|equal|equivalent|match|agree|the same)"
                + "|no final answer|not have an? (?:final )?answer|cannot be (?:told|determined))\\b");

        private static final Pattern AFFIRMS = Pattern.compile(
                "\\b(?:is|are) (?:also )?(?:correct|right|equivalent|the same)\\b|\\b(?:matches|agrees with|equals)\\b");

        private ReplyObject() {}

        static JudgeReply read(String text) {
            String bare = text.strip();
            Matcher fenced = FENCED.matcher(bare);
            JsonNode json;
            try {
                json = JSON.readTree(fenced.matches() ? fenced.group(1) : bare);
            } catch (JsonProcessingException e) {
                return new Unreadable("is not one JSON object and nothing else");
            }
            return json != null && json.isObject() ? read(json) : new Unreadable("is not one JSON object");
        }

        private static JudgeReply read(JsonNode json) {
            for (var field : json.properties()) {
                if (!KEYS.contains(field.getKey()) || !field.getValue().isValueNode()) {
                    return new Unreadable("has another form than was asked for: " + line(field.getKey()));
                }
            }
            String reason = line(json.path("reason").asText());
            String word = json.path("verdict").asText().strip().toLowerCase(Locale.ROOT);
            Outcome outcome = switch (word) {
                case "right" -> Outcome.PASS;
                case "wrong" -> Outcome.FAIL;
                case "undecided" -> Outcome.UNDECIDED;
                default -> null;
            };
            if (outcome == null || reason.isEmpty()) {
                return new Unreadable(
                        outcome == null ? "has no verdict of the three: " + line(word) : "gives no reason");
            }
            return contradicts(outcome, reason.toLowerCase(Locale.ROOT))
                    ? new Unreadable("contradicts itself: " + word + ", for " + reason)
                    : new Vote(outcome, line(json.path("answer").asText()), reason);
        }

        private static boolean contradicts(Outcome outcome, String reason) {
            return switch (outcome) {
                case PASS -> DENIES.matcher(reason).find();
                case FAIL ->
                    AFFIRMS.matcher(reason).find() && !DENIES.matcher(reason).find();
                case UNDECIDED -> false;
            };
        }

        /** For a report: one line, not too long. */
        private static String line(String text) {
            String line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
            return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...";
        }
    }
}
