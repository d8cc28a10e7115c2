package dev.distill.eval.task;

import dev.distill.data.trace.Prompt;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the prompt that somebody else's row means. */
final class KnownQuestions {
    /** Behind it a prompt's source has the data set's own id. */
    private static final char OWN = '#';

    /** Shorter texts stand in many a question. */
    private static final int LEAST = 20;

    /** Before the place of a question in its task, from 0, by which lm-evaluation-harness calls it. */
    static final String PLACE = "doc ";

    private static final Pattern NUMBER = Pattern.compile("(?:" + PLACE + ")?\\d+");

    private final Map<String, String> byName = new HashMap<>();
    private final Map<String, String> byText = new HashMap<>();
    private final Map<String, String> found = new HashMap<>();

    KnownQuestions(List<Prompt> prompts) {
        for (int i = 0; i < prompts.size(); i++) {
            byName.put(PLACE + i, prompts.get(i).id());
        }
        for (Prompt prompt : prompts) {
            ownId(prompt).ifPresent(own -> byName.put(own, prompt.id()));
        }
        for (Prompt prompt : prompts) {
            byName.put(prompt.id(), prompt.id());
            byText.put(form(prompt.question()), prompt.id());
        }
    }

    /** The data set's own name of this question. */
    static Optional<String> ownId(Prompt prompt) {
        int mark = prompt.source().indexOf(OWN);
        return mark < 0 ? Optional.empty() : Optional.of(prompt.source().substring(mark + 1));
    }

    /**
     * The prompt's id.
     *
     * @param names that it may be known by
     * @param question its text, which is more to be relied on than a number; empty for none
     */
    Optional<String> find(List<String> names, String question) {
        if (!question.isBlank()) {
            Optional<String> meant = Optional.ofNullable(
                    found.computeIfAbsent(form(question), text -> byText(text).orElse("")));
            return meant.filter(id -> !id.isEmpty()).or(() -> byId(names));
        }
        return names.stream()
                .filter(byName::containsKey)
                .map(name -> String.valueOf(byName.get(name)))
                .findFirst();
    }

    /** A question that is put otherwise than here is still known by a name, but not by a mere number. */
    private Optional<String> byId(List<String> names) {
        return names.stream()
                .filter(name ->
                        byName.containsKey(name) && !NUMBER.matcher(name).matches())
                .map(name -> String.valueOf(byName.get(name)))
                .findFirst();
    }

    /** The question as it is asked here, or the one question that has this in it: a template stands around it. */
    private Optional<String> byText(String text) {
        String same = byText.get(text);
        if (same != null) {
            return Optional.of(same);
        }
        if (text.length() < LEAST) {
            return Optional.empty();
        }
        List<String> within = byText.entrySet().stream()
                .filter(one -> one.getKey().contains(text))
                .map(Map.Entry::getValue)
                .toList();
        return within.size() == 1 ? Optional.of(within.getFirst()) : Optional.empty();
    }

    private static String form(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
