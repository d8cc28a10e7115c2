package dev.distill.eval.suite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.Hash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The order of a question's options: by the hash of question and option together. So it looks random, is the same on every machine and beside any other
 * questions, and does not depend on the order in the data (where the right one may always be the first). Others draw it from one generator for a whole run, so
 * that it changes with the tasks before.
 */
final class OptionOrder {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private OptionOrder() {}

    /**
     * Options in their order.
     *
     * @param right the right one's letter
     */
    record Ordered(List<String> options, String right) {
        Ordered {
            options = List.copyOf(options);
        }

        /** One on a line: {@code A) 12 apples}. */
        String listed() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < options.size(); i++) {
                text.append(i == 0 ? "" : "\n")
                        .append(ALPHABET.charAt(i))
                        .append(") ")
                        .append(options.get(i));
            }
            return text.toString();
        }

        /** {@code ABCD}. */
        String letters() {
            return ALPHABET.substring(0, options.size());
        }
    }

    static Ordered of(String question, Row row, TaskColumns columns) {
        List<String> given = options(row, columns);
        if (given.size() < 2 || given.size() > ALPHABET.length()) {
            throw new IllegalArgumentException(
                    "must have 2 to 26 options in " + String.join(", ", columns.options()) + "; got " + given.size());
        }
        int right = right(row, columns, given);
        List<Integer> order = IntStream.range(0, given.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> Hash.of(List.of(question, given.get(i))))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        return new Ordered(
                order.stream().map(given::get).toList(),
                ALPHABET.substring(order.indexOf(right), order.indexOf(right) + 1));
    }

    private static List<String> options(Row row, TaskColumns columns) {
        List<String> found = new ArrayList<>();
        for (String column : columns.options()) {
            JsonNode value = row.at(column);
            if (value.isTextual() && columns.options().size() == 1) {
                value = Row.json(value.asText()); // a list that is a text in CSV
            }
            if (value.isArray()) {
                value.forEach(item -> found.add(Row.text(item).strip()));
            } else if (!row.text(column).isBlank()) {
                found.add(row.text(column).strip());
            }
        }
        return found;
    }

    /** A column that is an option itself says it by its text; another by letter, by text, or by number from 0. */
    private static int right(Row row, TaskColumns columns, List<String> options) {
        String given = row.first(columns.reference(), "reference").strip();
        boolean amongOptions = columns.reference().stream().anyMatch(columns.options()::contains);
        int letter = given.length() == 1 ? ALPHABET.indexOf(given) : -1;
        if (!amongOptions && letter >= 0 && letter < options.size()) {
            return letter;
        }
        int text = options.indexOf(given);
        if (text >= 0) {
            return text;
        }
        if (given.matches("\\d{1,2}") && Integer.parseInt(given) < options.size()) {
            return Integer.parseInt(given);
        }
        throw new IllegalArgumentException(
                "the right answer must be the letter, the text or the number from 0 of one of its " + options.size()
                        + " options; got " + given);
    }
}
