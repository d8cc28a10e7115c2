package dev.distill.eval.report;

import dev.distill.eval.grade.Grade;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.report.GradedTask.GradedQuestion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The score on the questions that share one value of a facet: a level, a subject, a month.
 *
 * @param facet its name
 * @param value what the questions share; of a date the month
 * @param questions with at least one valid response
 * @param passAt1 as in {@link TaskScore}
 * @param grades how many responses got each grade
 */
public record FacetScore(String facet, String value, int questions, Interval passAt1, Map<Grade, Integer> grades) {
    /** A facet with more values splits a task into too few questions each. */
    private static final int MOST_VALUES = 40;

    public FacetScore {
        grades = Collections.unmodifiableMap(new EnumMap<>(grades));
    }

    /** One for each value of each facet, by facet and value; facets with one value say nothing and are left out. */
    static List<FacetScore> of(List<GradedQuestion> questions) {
        List<FacetScore> scores = new ArrayList<>();
        for (String facet : facets(questions)) {
            SequencedMap<String, List<GradedQuestion>> groups = groups(questions, facet);
            if (groups.size() > 1 && groups.size() <= MOST_VALUES) {
                groups.forEach((value, members) -> {
                    double[] counted = TaskScore.counted(members);
                    if (counted.length > 0) {
                        scores.add(new FacetScore(
                                facet, value, counted.length, TaskScore.interval(members), TaskScore.grades(members)));
                    }
                });
            }
        }
        return scores;
    }

    private static TreeSet<String> facets(List<GradedQuestion> questions) {
        TreeSet<String> facets = new TreeSet<>();
        questions.forEach(one -> facets.addAll(one.question().facets().keySet()));
        return facets;
    }

    /** Numbers in the order of numbers, words in that of words. */
    private static SequencedMap<String, List<GradedQuestion>> groups(List<GradedQuestion> questions, String facet) {
        Map<String, List<GradedQuestion>> groups = new TreeMap<>();
        for (GradedQuestion one : questions) {
            String value = one.question().facets().get(facet);
            if (value != null) {
                groups.computeIfAbsent(group(value), key -> new ArrayList<>()).add(one);
            }
        }
        boolean numbers = groups.keySet().stream().allMatch(value -> value.matches("-?\\d{1,9}(?:\\.\\d{1,9})?"));
        SequencedMap<String, List<GradedQuestion>> sorted = new LinkedHashMap<>();
        List<String> values = new ArrayList<>(groups.keySet());
        if (numbers) {
            values.sort((a, b) -> Double.compare(Double.parseDouble(a), Double.parseDouble(b)));
        }
        values.forEach(value -> sorted.put(value, groups.getOrDefault(value, List.of())));
        return sorted;
    }

    /** What a question's value is counted under. */
    static String group(String value) {
        return value.matches("\\d{4}-\\d{2}-\\d{2}.*") ? value.substring(0, 7) : value;
    }
}
