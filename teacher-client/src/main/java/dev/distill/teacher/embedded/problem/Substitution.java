package dev.distill.teacher.embedded.problem;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the solution of an equation is checked: it is put into the left side, which is worked out until one operation is left.
 *
 * @param left the left side, with the solution as {@code {x}}
 * @param letters the numbers of the equation; {@code r} is its right side
 */
record Substitution(Template left, Map<String, String> letters) {
    Substitution {
        letters = Map.copyOf(letters);
    }

    /** The chain for this solution, right or wrong: {@code 7*12+15=84+15=99}. */
    String text(long solution) {
        Map<String, String> values = new LinkedHashMap<>(letters);
        values.put("x", Long.toString(solution));
        Expression rest = Expression.read(left.fill(values));
        StringBuilder chain = new StringBuilder(rest.text());
        for (int i = rest.steps().size(); i > 1; i--) {
            rest = rest.replaceNext(rest.next().value());
            chain.append('=').append(rest.text());
        }
        return chain.append('=').append(letters.get("r")).toString();
    }
}
