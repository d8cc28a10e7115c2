package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SortedMap;

/**
 * Log-probabilities of what a provider writes.
 *
 * @param most likeliest tokens that it tells of a place at most; 0 where it tells none
 * @param fields that ask for them, with values in JSON; {@code $logprobs} stands for their number
 */
public record Logprobs(int most, SortedMap<String, String> fields) {
    private static final String PLACE = "\"$logprobs\"";

    /** The fields that ask for so many. */
    ObjectNode fields(int number) {
        ObjectNode filled = Json.MAPPER.createObjectNode();
        fields.forEach((name, json) -> filled.set(name, Json.read(json.replace(PLACE, Integer.toString(number)))));
        return filled;
    }

    List<String> problems(String dialect, int asked) {
        if (asked <= most) {
            return List.of();
        }
        return List.of("teacher.logprobs: dialect " + dialect
                + (most == 0 ? " tells none" : " tells at most " + most) + "; got " + asked + "; set it to "
                + (most == 0 ? "0" : most + " or less"));
    }
}
