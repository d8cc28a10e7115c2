package dev.distill.teacher.embedded.problem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the solution of an equation is checked: it is put in for {@code {x}}.
 *
 * @param sides a chain of expressions with = between them; {@code ~} is the one before with its first step done, for example
 *     {@code {a}*{x}+{b}=~={c}}
 * @param letters the numbers of the equation
 */
record Substitution(Template sides, Map<String, String> letters) {
    Substitution {
        letters = Map.copyOf(letters);
    }

    /** The chain for this solution, right or wrong: {@code 7*12+15=84+15=99}. */
    String text(long solution) {
        Map<String, String> values = new LinkedHashMap<>(letters);
        values.put("x", Long.toString(solution));
        List<String> chain = new ArrayList<>();
        for (String side : sides.fill(values).split("=")) {
            if (side.equals("~")) {
                Expression before = Expression.read(chain.getLast());
                chain.add(before.replaceNext(before.next().value()).text());
            } else {
                chain.add(side);
            }
        }
        return String.join("=", chain);
    }
}
