package dev.distill.eval.suite;

import dev.distill.data.intake.ClosestName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a question is put: a text in which {@code {question}}, {@code {options}}, {@code {letters}} and names of one's own are replaced.
 *
 * @param text of every question
 * @param withStarter of a question that has starter code; {@code text} where that is empty
 */
public record QuestionTemplate(String text, String withStarter) {
    /** The question and nothing else. */
    public static final QuestionTemplate PLAIN = new QuestionTemplate("{question}", "");

    static final String STARTER = "starter";

    private static final List<String> NAMES = List.of("question", "options", "letters");

    /** LaTeX has braces behind a command: not those. */
    private static final Pattern PLACE = Pattern.compile("(?<!\\\\[a-zA-Z]{0,20})(?<!})\\{([a-z][a-z-]*)}");

    static QuestionTemplate read(Keys keys, Map<String, String> own) {
        QuestionTemplate template = new QuestionTemplate(
                keys.text("template").orElse(PLAIN.text),
                keys.text("starter-template").orElse(""));
        Set<String> known = new LinkedHashSet<>(NAMES);
        known.addAll(own.keySet());
        check(keys, "template", template.text, known);
        if (!template.withStarter.isEmpty()) {
            check(keys, "starter-template", template.withStarter, known);
            if (!own.containsKey(STARTER)) {
                keys.problem("starter-template", "needs the column of the starter code; give columns.texts.starter");
            }
        }
        return template;
    }

    private static void check(Keys keys, String key, String text, Set<String> known) {
        if (!text.contains("{question}")) {
            keys.problem(key, "must contain {question}; got \"" + text.strip() + "\"");
        }
        Matcher place = PLACE.matcher(text);
        while (place.find()) {
            if (!known.contains(place.group(1))) {
                String close = ClosestName.of(place.group(1), known);
                keys.problem(
                        key,
                        "there is nothing to put for " + place.group()
                                + (close == null
                                        ? "; known: " + String.join(", ", known) + ", and what columns.texts names"
                                        : "; did you mean {" + close + "}?"));
            }
        }
    }

    /** The question as it is asked; a name that the row has nothing for becomes empty. */
    String fill(Map<String, String> values) {
        boolean starter =
                !withStarter.isEmpty() && !values.getOrDefault(STARTER, "").isBlank();
        Matcher place = PLACE.matcher(starter ? withStarter : text);
        return place.replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), "")))
                .strip();
    }
}
