package dev.distill.eval.suite;

import dev.distill.data.intake.ClosestName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

    /** LaTeX has braces behind a command, behind another brace, and behind signs that raise or lower: not those. */
    private static final Pattern PLACE =
            Pattern.compile("(?<!\\\\[a-zA-Z]{0,20})(?<![}^_])\\{([A-Za-z][A-Za-z0-9_-]*)}");

    static QuestionTemplate read(Keys keys, Map<String, String> own) {
        QuestionTemplate template = new QuestionTemplate(
                keys.text("template").orElse(PLAIN.text),
                keys.text("starter-template").orElse(""));
        problems(template.text, own.keySet()).forEach(problem -> keys.problem("template", problem));
        if (!template.withStarter.isEmpty()) {
            problems(template.withStarter, own.keySet()).forEach(problem -> keys.problem("starter-template", problem));
            if (!own.containsKey(STARTER)) {
                keys.problem("starter-template", "needs the column of the starter code; give columns.texts.starter");
            }
        }
        return template;
    }

    /**
     * What is wrong with a text in place of this template: it must have a place for the question and for all else that is shown here but the letters, and none that
     * there is nothing for.
     */
    List<String> problemsOf(String other, Set<String> own) {
        List<String> problems = new ArrayList<>(problems(other, own));
        Set<String> left = new LinkedHashSet<>(places(text));
        left.addAll(places(withStarter));
        left.removeAll(places(other));
        left.removeAll(Set.of("question", "letters"));
        if (!left.isEmpty()) {
            problems.add("must contain {" + String.join("}, {", left)
                    + "} as the task's own words do; else nobody sees " + (left.size() == 1 ? "it" : "them"));
        }
        return problems;
    }

    private static List<String> problems(String text, Set<String> own) {
        Set<String> known = new LinkedHashSet<>(NAMES);
        known.addAll(own);
        List<String> problems = new ArrayList<>();
        if (!text.contains("{question}")) {
            problems.add("must contain {question}; got \"" + text.strip() + "\"");
        }
        for (String place : places(text)) {
            if (!known.contains(place)) {
                String close = ClosestName.of(place, known);
                problems.add("there is nothing to put for {" + place
                        + (close == null
                                ? "}; known: " + String.join(", ", known) + ", and what columns.texts names"
                                : "}; did you mean {" + close + "}?"));
            }
        }
        return problems;
    }

    private static Set<String> places(String text) {
        return PLACE.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(LinkedHashSet::new));
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
