package dev.distill.eval.task;

import dev.distill.data.trace.Prompt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Given answers by the questions that they answer, in the order of their sample numbers, those without a number behind. Of two with one number the first
 * counts, unless it is an error that was asked again later. Whatever is left out is told.
 */
final class PlacedAnswers {
    /** What stands in GSM8K before the answer. */
    private static final String GSM8K_MARK = "####";

    private final Map<String, Samples> byPrompt = new HashMap<>();
    private final List<String> remarks = new ArrayList<>();

    private int strange;
    private int again;
    private int collisions;
    private String collision = "";

    /** Answers to one question. */
    private static final class Samples {
        final SortedMap<Integer, GivenAnswer> numbered = new TreeMap<>();
        final List<GivenAnswer> others = new ArrayList<>();

        @Nullable
        String filter;

        List<GivenAnswer> all() {
            List<GivenAnswer> all = new ArrayList<>(numbered.values());
            all.addAll(others);
            return all;
        }
    }

    private PlacedAnswers() {}

    static PlacedAnswers of(List<GivenAnswer> given, Task task) {
        PlacedAnswers placed = new PlacedAnswers();
        KnownQuestions known = new KnownQuestions(task.prompts());
        Set<String> filters = new HashSet<>();
        for (GivenAnswer one : given) {
            String id = known.find(one.names(), one.question()).orElse(null);
            if (id == null) {
                placed.strange++;
            } else {
                placed.put(id, one, filters);
            }
        }
        placed.tell(given.size(), filters);
        if (placed.sameAsReferences(task)) {
            placed.remarks.add("every answer is word for word the reference of its question; if the column holds the"
                    + " references, name the model's own column response");
        }
        return placed;
    }

    private void put(String id, GivenAnswer one, Set<String> filters) {
        Samples samples = byPrompt.computeIfAbsent(id, _ -> new Samples());
        if (!one.filter().isEmpty()) {
            samples.filter = samples.filter == null ? one.filter() : samples.filter;
            if (!one.filter().equals(samples.filter)) {
                filters.add(one.filter());
                again++;
                return;
            }
        }
        if (one.sample() < 0) {
            samples.others.add(one);
            return;
        }
        GivenAnswer earlier = samples.numbered.get(one.sample());
        if (earlier == null || (earlier.error() != null && one.error() == null)) {
            samples.numbered.put(one.sample(), one);
        } else if (one.error() == null && !one.answer().equals(earlier.answer())) {
            collision = collisions++ == 0 ? "sample " + one.sample() + " of question " + id : collision;
        }
    }

    private void tell(int all, Set<String> filters) {
        if (strange > 0) {
            remarks.add(strange + " of " + all + " answer no question of the task");
        }
        if (again > 0) {
            remarks.add(again + " rows of the filters "
                    + String.join(", ", filters.stream().sorted().toList())
                    + " are left out, for they hold the answers of the first filter once more");
        }
        if (collisions > 0) {
            remarks.add(collisions
                    + " have a sample number that an earlier and other answer to the same question has (the first is "
                    + collision + "); the earlier ones count. Number the samples, or leave the numbers out");
        }
    }

    private boolean sameAsReferences(Task task) {
        Map<String, String> references = new HashMap<>();
        for (Prompt prompt : task.prompts()) {
            references.put(prompt.id(), plain(Objects.requireNonNull(prompt.reference())));
        }
        return !byPrompt.isEmpty()
                && byPrompt.entrySet().stream()
                        .allMatch(entry -> entry.getValue().all().stream()
                                .allMatch(one -> plain(one.answer()).equals(references.get(entry.getKey()))));
    }

    private static String plain(String answer) {
        int mark = answer.lastIndexOf(GSM8K_MARK);
        return (mark < 0 ? answer : answer.substring(mark + GSM8K_MARK.length())).strip();
    }

    List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** By sample. */
    List<GivenAnswer> of(Prompt prompt) {
        Samples samples = byPrompt.get(prompt.id());
        return samples == null ? List.of() : samples.all();
    }

    int count(Prompt prompt) {
        return of(prompt).size();
    }
}
