package dev.distill.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * Several runs in one table: a row a model, a column a task. Sorted by the mean over the tasks that all of them have, which is a place to
 * begin reading and no verdict: where intervals overlap, compare the two models on the same questions ({@link EvaluationReport}).
 */
public final class Leaderboard {
    private Leaderboard() {}

    /** @param scores of all runs, in any order; of two of one model in one task the last counts */
    public static String markdown(List<TaskScore> scores) {
        SequencedMap<String, Map<String, TaskScore>> models = new LinkedHashMap<>();
        SequencedSet<String> tasks = new LinkedHashSet<>();
        for (TaskScore score : scores) {
            models.computeIfAbsent(score.model(), model -> new LinkedHashMap<>())
                    .put(score.task(), score);
            tasks.add(score.task());
        }
        List<String> common = tasks.stream()
                .filter(task -> models.values().stream().allMatch(one -> has(one, task)))
                .toList();
        List<String> order = new ArrayList<>(models.sequencedKeySet());
        order.sort(Comparator.comparingDouble((String model) ->
                -mean(models.getOrDefault(model, Map.of()), common).orElse(0)));
        List<String> head = new ArrayList<>(List.of("model"));
        head.addAll(tasks);
        head.add("mean of " + common.size() + (common.size() == 1 ? " task" : " tasks"));
        List<List<String>> rows = new ArrayList<>();
        for (String model : order) {
            Map<String, TaskScore> of = models.getOrDefault(model, Map.of());
            List<String> row = new ArrayList<>(List.of(model));
            for (String task : tasks) {
                TaskScore score = of.get(task);
                row.add(score == null ? Figures.NONE : Figures.percent(score.passAt1()));
            }
            OptionalDouble mean = mean(of, common);
            row.add(mean.isPresent() ? Figures.percent(mean.getAsDouble()) : Figures.NONE);
            rows.add(row);
        }
        return ReportMarkdown.table(head, rows);
    }

    private static boolean has(Map<String, TaskScore> scores, String task) {
        TaskScore score = scores.get(task);
        return score != null && score.questions() > 0;
    }

    private static OptionalDouble mean(Map<String, TaskScore> scores, List<String> tasks) {
        return scores.values().stream()
                .filter(score -> tasks.contains(score.task()))
                .mapToDouble(score -> score.passAt1().value())
                .average();
    }
}
