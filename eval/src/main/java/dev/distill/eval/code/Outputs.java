package dev.distill.eval.code;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringTokenizer;

/**
 * Compares what a program gave with what is expected: texts word by word, values part by part.
 *
 * @param tolerance by which numbers may differ, absolutely or relatively
 */
record Outputs(OptionalDouble tolerance) {
    private static final int LONGEST = 60;

    /** Where these differ, for a person; empty if they are the same. */
    Optional<String> difference(String expected, String given) {
        StringTokenizer right = new StringTokenizer(expected);
        StringTokenizer found = new StringTokenizer(given);
        for (int word = 1; right.hasMoreTokens(); word++) {
            String wanted = right.nextToken();
            if (!found.hasMoreTokens()) {
                return Optional.of("the output ends where word " + word + " must be " + quoted(wanted));
            }
            String got = found.nextToken();
            if (!same(wanted, got)) {
                return Optional.of("word " + word + " is " + quoted(got) + ", not " + quoted(wanted));
            }
        }
        return found.hasMoreTokens()
                ? Optional.of("the output goes on with " + quoted(found.nextToken()) + " where it must end")
                : Optional.empty();
    }

    private boolean same(String wanted, String got) {
        if (wanted.equals(got)) {
            return true;
        }
        if (tolerance.isEmpty()) {
            return false;
        }
        try {
            return close(Double.parseDouble(wanted), Double.parseDouble(got));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private boolean close(double wanted, double got) {
        double most = tolerance.orElse(0);
        return Double.isFinite(wanted) && Double.isFinite(got)
                ? wanted == got || Math.abs(wanted - got) <= most * Math.max(1, Math.abs(wanted))
                : Double.compare(wanted, got) == 0; // to infinity every number is relatively near
    }

    /** Where these values differ; empty if they are the same. */
    Optional<String> difference(JsonNode expected, JsonNode given) {
        return same(expected, given)
                ? Optional.empty()
                : Optional.of("it returns " + quoted(given.toString()) + ", not " + quoted(expected.toString()));
    }

    private boolean same(JsonNode wanted, JsonNode got) {
        if (wanted.isNumber() && got.isNumber()) {
            return wanted.isIntegralNumber() && got.isIntegralNumber()
                    ? wanted.bigIntegerValue().equals(got.bigIntegerValue())
                    : close(wanted.asDouble(), got.asDouble());
        }
        if (wanted.isArray() && got.isArray() && wanted.size() == got.size()) {
            Iterator<JsonNode> parts = got.iterator();
            for (JsonNode part : wanted) {
                if (!same(part, parts.next())) {
                    return false;
                }
            }
            return true;
        }
        if (wanted.isObject() && got.isObject() && wanted.size() == got.size()) {
            for (Map.Entry<String, JsonNode> field : wanted.properties()) {
                if (!got.has(field.getKey()) || !same(field.getValue(), got.get(field.getKey()))) {
                    return false;
                }
            }
            return true;
        }
        return wanted.equals(got);
    }

    private static String quoted(String word) {
        return '"' + (word.length() <= LONGEST ? word : word.substring(0, LONGEST) + "...") + '"';
    }
}
