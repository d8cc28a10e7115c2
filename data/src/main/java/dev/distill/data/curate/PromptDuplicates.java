package dev.distill.data.curate;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Prompts that ask what an earlier one asks, left out before anything is bought. The first of them stays. Prompts that ask the
 * same of another conversation, or under another system message, are others.
 */
public final class PromptDuplicates {
    /** What counts as the same. */
    public enum Rule {
        /** The same text, but for layout: white space and the way in which Unicode writes a letter with its accent. */
        EXACT,
        /** Nearly the same words, and the same numbers; {@link NearDuplicateSettings#STANDARD} says how near. */
        NEAR,
        /** The same to the letter. */
        NONE
    }

    /**
     * What is left.
     *
     * @param prompts in their order
     * @param exact left out, for the same text
     * @param near left out, for nearly the same words
     * @param contradictions those of the exact ones that give another reference than the one that stays
     */
    public record Distinct(List<Prompt> prompts, int exact, int near, int contradictions) {
        public Distinct {
            prompts = List.copyOf(prompts);
        }
    }

    private final Rule rule;
    private final UnaryOperator<String> question;
    private final Map<String, Prompt> seen = new HashMap<>();

    private PromptDuplicates(Rule rule, UnaryOperator<String> question) {
        this.rule = rule;
        this.question = question;
    }

    /**
     * Leaves out what was asked before.
     *
     * @param question takes out of what the user says what all prompts share, a template: else short questions in a long one
     *     would all be nearly the same
     */
    public static Distinct of(List<Prompt> prompts, Rule rule, UnaryOperator<String> question) {
        PromptDuplicates duplicates = new PromptDuplicates(rule, question);
        List<Prompt> different = new ArrayList<>();
        int exact = 0;
        int contradictions = 0;
        for (Prompt prompt : prompts) {
            Prompt earlier = duplicates.seen.putIfAbsent(duplicates.key(prompt), prompt);
            if (earlier == null) {
                different.add(prompt);
            } else {
                exact++;
                contradictions += Objects.equals(earlier.reference(), prompt.reference()) ? 0 : 1;
            }
        }
        List<Prompt> kept = rule == Rule.NEAR ? duplicates.firstOfEachGroup(different) : different;
        return new Distinct(kept, exact, different.size() - kept.size(), contradictions);
    }

    /** What stands between the two parts of a template; all that was said where they are not there. */
    public static String between(String before, String said, String after) {
        boolean fits =
                said.length() >= before.length() + after.length() && said.startsWith(before) && said.endsWith(after);
        return fits ? said.substring(before.length(), said.length() - after.length()) : said;
    }

    private String key(Prompt prompt) {
        if (rule == Rule.NONE) {
            return prompt.id();
        }
        List<String> parts = new ArrayList<>();
        for (Message message : prompt.messages()) {
            boolean asks = parts.size() == 2 * (prompt.messages().size() - 1);
            parts.add(message.role().word());
            parts.add(laidOut(asks ? question.apply(message.content()) : message.content()));
        }
        return Hash.of(parts);
    }

    private static String laidOut(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).strip().replaceAll("\\s+", " ");
    }

    private List<Prompt> firstOfEachGroup(List<Prompt> prompts) {
        MinHash minHash = new MinHash(NearDuplicateSettings.STANDARD);
        List<Shingles> shingles = new ArrayList<>();
        NearDuplicates near = new NearDuplicates(NearDuplicateSettings.STANDARD, shingles::get);
        try {
            for (Prompt prompt : prompts) {
                MinHash.Sketch sketch = minHash.sketch(text(prompt));
                shingles.add(sketch.shingles());
                near.add(shingles.size() - 1, sketch.fingerprint());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("shingles in memory are always there", e);
        }
        return IntStream.range(0, prompts.size())
                .filter(prompt -> near.first(prompt) == prompt)
                .mapToObj(prompts::get)
                .toList();
    }

    private String text(Prompt prompt) {
        return text(prompt.messages(), question);
    }

    /** What is compared of a conversation: all of it, of the last message what this takes out of it. */
    static String text(List<Message> messages, UnaryOperator<String> question) {
        StringBuilder text = new StringBuilder();
        for (Message message : messages.subList(0, messages.size() - 1)) {
            text.append(message.role().word())
                    .append(' ')
                    .append(message.content())
                    .append('\n');
        }
        return text.append(question.apply(messages.getLast().content())).toString();
    }
}
