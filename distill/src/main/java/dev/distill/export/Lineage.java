package dev.distill.export;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a student comes from, for its card.
 *
 * @param name of the student
 * @param student what it was made of
 * @param teacher whose traces it learnt from
 * @param data what it was trained on
 * @param scores title to text, in this order
 * @param run how it was made
 */
public record Lineage(
        String name, Base student, Teacher teacher, Data data, SequencedMap<String, String> scores, Run run) {
    public Lineage {
        scores = inOrder(scores);
    }

    /**
     * What was trained.
     *
     * @param model id on the hub, or the name of its folder; null for random weights
     * @param isHubId whether {@code model} is one
     * @param licence of the weights, which the student's inherit
     */
    public record Base(@Nullable String model, boolean isHubId, Licence licence) {}

    /**
     * The teacher.
     *
     * @param terms under which its replies may be used, as the recipe says; null where it says nothing
     */
    public record Teacher(String model, @Nullable String terms) {}

    /**
     * The accepted traces.
     *
     * @param sha256 of their shards
     * @param datasets ids on the hub of what the questions come from; may be empty
     * @param traces that were trained on, or held back for the validation loss
     * @param curation null where they were curated elsewhere
     */
    public record Data(
            String sha256,
            List<String> datasets,
            long traces,
            @Nullable Curation curation) {
        public Data {
            datasets = List.copyOf(datasets);
        }
    }

    /**
     * What became of the teacher's traces.
     *
     * @param read traces before
     * @param dropped traces by reason, those without a drop left out
     */
    public record Curation(long read, SequencedMap<String, Long> dropped) {
        public Curation {
            dropped = inOrder(dropped);
        }
    }

    /**
     * The making.
     *
     * @param program and its version
     * @param method for example {@code LoRA}
     * @param recipe key to value: what decides the outcome, no paths
     */
    public record Run(String program, String method, SequencedMap<String, String> recipe) {
        public Run {
            recipe = inOrder(recipe);
        }
    }

    private static <V> SequencedMap<String, V> inOrder(SequencedMap<String, V> map) {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
    }
}
