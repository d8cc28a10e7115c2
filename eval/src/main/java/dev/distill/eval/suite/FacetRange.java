package dev.distill.eval.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Which questions are asked, by a facet: those whose value is this one, or lies in a range in the order of texts, as dates in ISO 8601 have it.
 *
 * @param from the least value
 * @param to the first that is too much; empty for {@code from} alone
 */
public record FacetRange(String facet, String from, String to) {
    private static final String DOTS = "..";

    /** Of a mapping of facets to a value or {@code FROM..TO}. */
    static List<FacetRange> read(Keys keys, String key, SortedMap<String, String> facets) {
        List<FacetRange> ranges = new ArrayList<>();
        keys.own(key).forEach((facet, given) -> {
            if (!facets.containsKey(facet)) {
                keys.problem(key + "." + facet, "must be a facet; there are " + String.join(", ", facets.keySet()));
            }
            int dots = given.indexOf(DOTS);
            ranges.add(
                    dots < 0
                            ? new FacetRange(facet, given, "")
                            : new FacetRange(
                                    facet,
                                    given.substring(0, dots).strip(),
                                    given.substring(dots + 2).strip()));
        });
        return ranges;
    }

    boolean holds(Row row, TaskFile file) {
        String value = row.text(file.facets().getOrDefault(facet, ""));
        return to.isEmpty() ? value.equals(from) : value.compareTo(from) >= 0 && value.compareTo(to) < 0;
    }
}
