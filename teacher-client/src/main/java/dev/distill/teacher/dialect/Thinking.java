package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.teacher.dialect.Asked.Switch;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * How a provider is made to think, and how much. Fields are by name, with values in JSON.
 *
 * @param standard whether it is known to think when nothing is said
 * @param on fields that switch it on; empty where there is no switch, or where the effort is one
 * @param off fields that switch it off; empty where it cannot be
 * @param ignored parameters that have no effect, or are refused, while it thinks
 * @param words the efforts that it takes; empty for none
 * @param wordFields fields that carry such a word, in place of {@code $effort}
 * @param budget the token budgets that it takes
 * @param budgetFields fields that carry one, in place of {@code $budget}
 */
public record Thinking(
        boolean standard,
        SortedMap<String, String> on,
        SortedMap<String, String> off,
        List<String> ignored,
        List<String> words,
        SortedMap<String, String> wordFields,
        Budget budget,
        SortedMap<String, String> budgetFields) {
    /**
     * Token budgets.
     *
     * @param least the smallest
     * @param insideLimit whether it is part of the token limit, and must be below it
     */
    public record Budget(int least, boolean insideLimit) {}

    private boolean takesBudget() {
        return !budgetFields.isEmpty();
    }

    /** The fields of an effort that this provider takes. */
    ObjectNode fields(Effort effort) {
        return switch (effort) {
            case Effort.Word(String word) -> filled(wordFields, "\"$effort\"", Json.text(word));
            case Effort.Tokens(int number) -> filled(budgetFields, "\"$budget\"", Integer.toString(number));
        };
    }

    private static ObjectNode filled(SortedMap<String, String> fields, String place, String value) {
        ObjectNode filled = Json.MAPPER.createObjectNode();
        fields.forEach((name, json) -> filled.set(name, Json.read(json.replace(place, value))));
        return filled;
    }

    /** What cannot be asked, in the words of a recipe. */
    List<String> problems(String dialect, Asked asked, int maxTokens) {
        List<String> problems = new ArrayList<>();
        boolean needsEffort = on.isEmpty() && takesBudget() && !standard;
        if (asked.thinking() == Switch.ON
                && on.isEmpty()
                && !standard
                && !(needsEffort && asked.effort().isPresent())) {
            problems.add(
                    needsEffort
                            ? "teacher.effort: dialect " + dialect + " thinks on a token budget; give one of "
                                    + budget.least + " or more"
                            : "teacher.thinking: dialect " + dialect + " has no switch for it; leave it at auto, and"
                                    + " give the server's own field as teacher.extra.NAME");
        }
        if (asked.thinking() == Switch.OFF && off.isEmpty()) {
            problems.add("teacher.thinking: dialect " + dialect + " knows no way to switch it off; leave it at auto, or"
                    + " give the server's own field as teacher.extra.NAME");
        }
        asked.effort().ifPresent(effort -> {
            if (asked.thinking() == Switch.OFF) {
                problems.add("teacher.effort: needs thinking; got " + effort.text() + " with teacher.thinking off");
            }
            problem(dialect, effort, maxTokens, problems);
        });
        return problems;
    }

    private void problem(String dialect, Effort effort, int maxTokens, List<String> problems) {
        switch (effort) {
            case Effort.Word(String word) -> {
                if (!words.contains(word)) {
                    problems.add("teacher.effort: dialect " + dialect + " takes " + what() + "; got " + word);
                }
            }
            case Effort.Tokens(int number) -> {
                if (!takesBudget() || number < budget.least) {
                    problems.add("teacher.effort: dialect " + dialect + " takes " + what() + "; got " + number);
                } else if (budget.insideLimit && number >= maxTokens) {
                    problems.add("teacher.effort: must be below teacher.max-tokens, " + maxTokens
                            + ", of which it is a part; got " + number);
                }
            }
        }
    }

    private String what() {
        List<String> kinds = new ArrayList<>();
        if (!words.isEmpty()) {
            kinds.add("one of " + String.join(", ", words));
        }
        if (takesBudget()) {
            kinds.add("a budget of " + budget.least + " tokens or more");
        }
        return kinds.isEmpty() ? "no effort" : String.join(", or ", kinds);
    }
}
