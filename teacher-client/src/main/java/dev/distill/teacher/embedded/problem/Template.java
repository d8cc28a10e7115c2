package dev.distill.teacher.embedded.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with places to fill: {@code {a}} to {@code {k}}, {@code {r}} and {@code {x}} are numbers, {@code {v}} a variable's letter, {@code
 * {N}} and {@code {M}} people, {@code {o}} things, {@code {bags|boxes}} either word. It is written and read by the same text.
 */
final class Template {
    static final List<String> PEOPLE = List.of(
            "Anna", "Ben", "Clara", "David", "Emma", "Felix", "Grace", "Henry", "Ida", "Jack", "Kate", "Leo", "Maria",
            "Noah", "Olga", "Paul", "Rosa", "Sam", "Tina", "Victor");
    static final List<String> THINGS =
            List.of("apples", "books", "coins", "stamps", "marbles", "shells", "cards", "pens", "stickers", "beads");
    static final List<String> VARIABLES = List.of("x", "y", "n", "k");

    private static final Pattern PLACE = Pattern.compile("\\{([^}]+)}");

    private final String text;
    private final String beginning;
    private final String end;
    private final Pattern pattern;
    private final List<String> names;

    Template(String text) {
        this.text = text;
        this.names = new ArrayList<>();
        StringBuilder regex = new StringBuilder();
        Matcher places = PLACE.matcher(text);
        int from = 0;
        this.beginning = text.substring(0, Math.max(0, text.indexOf('{')));
        this.end = text.substring(text.lastIndexOf('}') + 1);
        while (places.find()) {
            regex.append(Pattern.quote(text.substring(from, places.start()))).append(group(places.group(1)));
            from = places.end();
        }
        this.pattern = Pattern.compile(
                regex.append(Pattern.quote(text.substring(from))).toString());
    }

    /** The text with these values in its places; words to choose from are drawn. */
    String fill(Map<String, String> values, Draw draw) {
        return PLACE.matcher(text).replaceAll(place -> {
            String name = place.group(1);
            if (name.contains("|")) {
                return draw.pick(name.split("\\|"));
            }
            return Matcher.quoteReplacement(Template.value(values, name));
        });
    }

    /** The text with these values in its places, for a text without words to choose from. */
    String fill(Map<String, String> values) {
        return fill(values, Draw.of(0));
    }

    /** The values in the places of this text; empty where it is another text. */
    Optional<Map<String, String>> read(String filled) {
        if (!filled.startsWith(beginning) || !filled.endsWith(end)) {
            return Optional.empty();
        }
        Matcher matcher = pattern.matcher(filled);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : names) {
            values.put(name, matcher.group(name));
        }
        return Optional.of(values);
    }

    private String group(String name) {
        if (name.contains("|")) {
            return "(?:" + name + ")";
        }
        if (names.contains(name)) {
            return "\\k<" + name + ">";
        }
        names.add(name);
        String what = switch (name) {
            case "N", "M" -> String.join("|", PEOPLE);
            case "o" -> String.join("|", THINGS);
            case "v" -> String.join("|", VARIABLES);
            default -> "[0-9]{1,9}";
        };
        return "(?<" + name + ">" + what + ")";
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("template: no value for {" + name + "}");
        }
        return value;
    }
}
