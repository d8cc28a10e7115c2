package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What is left of the traces behind each check, in the order of the checks; the kinds of one check ({@code refusal:harm}, {@code
 * contamination:math500}) are one step.
 *
 * @param read traces before the first step
 * @param steps those that dropped nothing too
 */
public record Funnel(long read, List<Step> steps) {
    public Funnel {
        steps = List.copyOf(steps);
    }

    /**
     * One check.
     *
     * @param check its name, up to the colon
     * @param kinds the names that its verdicts carry, in the order of the report
     * @param dropped by all of them; a trace counts for the first check that it failed
     * @param left traces behind this step
     */
    public record Step(String check, List<String> kinds, long dropped, long left) {
        public Step {
            kinds = List.copyOf(kinds);
        }
    }

    static Funnel of(CurationReport report) {
        SequencedMap<String, List<String>> checks = new LinkedHashMap<>();
        for (Map<String, Long> counts : List.of(report.dropped(), report.failed())) { // a label drops nothing
            for (String name : counts.keySet()) {
                List<String> kinds = checks.computeIfAbsent(FilterRule.family(name), _ -> new ArrayList<>());
                if (!kinds.contains(name)) {
                    kinds.add(name);
                }
            }
        }
        List<Step> steps = new ArrayList<>();
        long left = report.read();
        for (Map.Entry<String, List<String>> check : checks.entrySet()) {
            long dropped = check.getValue().stream()
                    .mapToLong(name -> report.dropped().getOrDefault(name, 0L))
                    .sum();
            left -= dropped;
            steps.add(new Step(check.getKey(), shown(check.getKey(), check.getValue(), report), dropped, left));
        }
        return new Funnel(report.read(), steps);
    }

    /** A check's own name is left out where all that it found has a kind. */
    private static List<String> shown(String check, List<String> names, CurationReport report) {
        boolean found =
                report.dropped().getOrDefault(check, 0L) + report.failed().getOrDefault(check, 0L) > 0;
        return found || names.size() == 1
                ? names
                : names.stream().filter(name -> !name.equals(check)).toList();
    }
}
