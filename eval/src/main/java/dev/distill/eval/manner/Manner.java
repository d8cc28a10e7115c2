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
     * One complaint about one response.
     *
     * @param measure its name
     * @param why the words that decided
     */
    public record Complaint(String measure, String why) {}

    /**
     * All that was found.
     *
     * @param complaints by question, then by response
     */
    public record Measured(Manner manner, List<List<List<Complaint>>> complaints) {
        public Measured {
            complaints = List.copyOf(complaints);
        }
    }

    /** What was found in one response, by measure. */
    private record Taken(List<Optional<Finding>> findings, Optional<String> who) {
        static Taken of(Reply reply) {
            return new Taken(
                    Measure.all().stream().map(measure -> measure.of(reply)).toList(), new SelfNaming().who(reply));
        }

        List<Complaint> complaints() {
            List<Complaint> complaints = new ArrayList<>();
            for (int i = 0; i < findings.size(); i++) {
                Measure measure = Measure.all().get(i);
                if (measure.unit() == Measure.Unit.SHARE) {
                    findings.get(i)
                            .filter(found -> found.value() == 1)
                            .ifPresent(found -> complaints.add(new Complaint(measure.name(), found.why())));
                }
            }
            return complaints;
        }
    }

    /**
     * Measures, on all processors: it reads every word.
     *
     * @param replies by question; those that the infrastructure failed say nothing of a model and are not to be among them
     */
    public static Measured measure(List<List<Reply>> replies) {
        List<List<Taken>> taken = replies.parallelStream()
                .map(question -> question.stream().map(Taken::of).toList())
                .toList();
        List<MannerColumn> columns = new ArrayList<>();
        for (int i = 0; i < Measure.all().size(); i++) {
            int column = i;
            columns.add(MannerColumn.of(
                    Measure.all().get(i),
                    taken.stream()
                            .map(question -> question.stream()
                                    .map(one -> one.findings().get(column))
                                    .toList())
                            .toList()));
        }
        SortedMap<String, Integer> identities = new TreeMap<>();
        taken.stream()
                .flatMap(List::stream)
                .flatMap(one -> one.who().stream())
                .forEach(who -> identities.merge(who, 1, Integer::sum));
        return new Measured(
                new Manner(columns, identities),
                taken.stream()
                        .map(question ->
                                question.stream().map(Taken::complaints).toList())
                        .toList());
    }
}
