package dev.distill.eval.manner;

import dev.distill.eval.manner.Measure.Finding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How one model answered one task.
 *
 * @param columns in the order of {@link Measure#all}
 * @param identities how many responses claim to be whom, see {@link SelfNaming#who}; those that claim nothing are not counted
 */
public record Manner(List<MannerColumn> columns, SortedMap<String, Integer> identities) {
    public Manner {
        columns = List.copyOf(columns);
        identities = Collections.unmodifiableSortedMap(new TreeMap<>(identities));
    }

    /**
     * Measures.
     *
     * @param replies by question; those that the infrastructure failed say nothing of a model and are not to be among them
     */
    public static Manner of(List<List<Reply>> replies) {
        List<MannerColumn> columns = new ArrayList<>();
        for (Measure measure : Measure.all()) {
            List<List<Optional<Finding>>> findings = replies.stream()
                    .map(question -> question.stream().map(measure::of).toList())
                    .toList();
            columns.add(MannerColumn.of(measure, findings));
        }
        SelfNaming naming = new SelfNaming();
        SortedMap<String, Integer> identities = new TreeMap<>();
        replies.stream()
                .flatMap(List::stream)
                .map(naming::who)
                .flatMap(Optional::stream)
                .forEach(who -> identities.merge(who, 1, Integer::sum));
        return new Manner(columns, identities);
    }

    /** The complaints that one response gives reason to: each with the words that decided. */
    public static List<Complaint> complaints(Reply reply) {
        List<Complaint> complaints = new ArrayList<>();
        for (Measure measure : Measure.all()) {
            if (measure.unit() == Measure.Unit.SHARE) {
                measure.of(reply)
                        .filter(found -> found.value() == 1)
                        .ifPresent(found -> complaints.add(new Complaint(measure.name(), found.why())));
            }
        }
        return complaints;
    }

    /**
     * One complaint about one response.
     *
     * @param measure its name
     * @param why the words that decided
     */
    public record Complaint(String measure, String why) {}
}
