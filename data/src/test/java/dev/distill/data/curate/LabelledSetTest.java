package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.curate.LabelledSet.Fault;
import dev.distill.data.curate.LabelledSet.Labelled;
import dev.distill.data.trace.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Precision and recall of each filter on traces by an author who had not seen it. Bounds stand a little below what was
 * measured; the figures are in docs/log.md. With {@code -Ddistill.test.show=true} the figures are printed, and what was missed
 * or wrongly dropped in the half that may be looked at.
 */
class LabelledSetTest {
    private static final boolean SHOW = Boolean.getBoolean("distill.test.show");
    private static final List<Labelled> ALL = LabelledSet.read();

    /** Of the traces with a fault, how many were found; of the clean ones, how many were dropped for it. */
    private record Score(int found, int faulty, int wrong, int clean) {
        double recall() {
            return faulty == 0 ? 1 : (double) found / faulty;
        }

        double precision() {
            return found + wrong == 0 ? 1 : (double) found / (found + wrong);
        }
    }

    private static Map<String, String> failures(Labelled labelled) {
        Map<String, String> failures = new LinkedHashMap<>();
        for (TraceFilter filter : FilterRates.FILTERS) {
            Verdict verdict = filter.check(labelled.trace());
            if (verdict.outcome() == Verdict.Outcome.FAIL) {
                failures.put(FilterRule.family(verdict.by()), verdict.reason());
            }
        }
        return failures;
    }

    private static Score score(Fault fault, boolean seen, Map<String, int[]> topics) {
        int[] n = new int[4];
        for (Labelled labelled : ALL) {
            if (labelled.seen() != seen || (labelled.fault() != fault && labelled.fault() != Fault.NEGATIVES)) {
                continue;
            }
            Map<String, String> failures = failures(labelled);
            boolean found = fault == Fault.NEGATIVES
                    ? !failures.isEmpty()
                    : failures.keySet().stream().anyMatch(fault.filters()::contains);
            if (labelled.fault() == fault && fault != Fault.NEGATIVES) {
                n[0] += found ? 1 : 0;
                n[1]++;
                int[] topic = topics.computeIfAbsent(labelled.topic(), _ -> new int[2]);
                topic[0] += found ? 1 : 0;
                topic[1]++;
                show(labelled, !found, failures);
            } else {
                n[2] += found ? 1 : 0;
                n[3]++;
                show(labelled, found, failures);
            }
        }
        return new Score(n[0], n[1], n[2], n[3]);
    }

    private static void show(Labelled labelled, boolean wrong, Map<String, String> failures) {
        if (SHOW && wrong && labelled.seen()) {
            System.out.printf(
                    "  %s (%s) %s%n    Q: %s%n    R: %s%n    A: %s%n",
                    labelled.id(),
                    labelled.topic(),
                    failures,
                    shortened(labelled.trace().question()),
                    shortened(labelled.trace().reasoning() + ""),
                    shortened(labelled.trace().answer()));
        }
    }

    private static String shortened(String text) {
        String line = text.replace("\n", "\\n");
        return line.length() <= 700 ? line : line.substring(0, 400) + " ... " + line.substring(line.length() - 300);
    }

    private static void print(Fault fault, boolean seen, Score score, Map<String, int[]> topics) {
        StringBuilder words = new StringBuilder();
        topics.forEach((topic, n) -> words.append(' ')
                .append(topic)
                .append(' ')
                .append(n[0])
                .append('/')
                .append(n[1]));
        System.out.printf(
                "%s %-18s recall %d/%d, wrong %d/%d, precision %.3f%s%n",
                seen ? "SEEN  " : "UNSEEN",
                fault,
                score.found(),
                score.faulty(),
                score.wrong(),
                score.clean(),
                score.precision(),
                words);
    }

    /** Bounds: least recall in the half that was looked at, and in the one that was not. */
    @ParameterizedTest
    @CsvSource({
        "IDENTITY, 0.9, 0.75",
        "REFUSAL, 0.9, 0.7",
        "MIXED_LANGUAGE, 0.9, 0.85",
        "REPETITION, 0.9, 0.8",
        "UNREADABLE, 0.7, 0.6",
        "BOILERPLATE, 0.05, 0.05",
        "UNFINISHED, 0.9, 0.75",
        "PII, 0.85, 0.75",
        "CODE_IN_REASONING, 0.7, 0.7",
        "LENGTH, 0.9, 0.8"
    })
    void faultsAreFoundAndCleanTracesAreNot(Fault fault, double ofSeen, double ofUnseen) {
        for (boolean seen : new boolean[] {true, false}) {
            Map<String, int[]> topics = new TreeMap<>();
            Score score = score(fault, seen, topics);
            if (SHOW) {
                print(fault, seen, score, topics);
            }
            assertThat(score.recall()).as("%s, seen %s", fault, seen).isGreaterThanOrEqualTo(seen ? ofSeen : ofUnseen);
            assertThat(score.precision()).as("%s, seen %s", fault, seen).isGreaterThanOrEqualTo(0.9);
        }
    }

    /** Of the clean traces one in a hundred may go, for whatever reason. */
    @Test
    void hardlyAnyCleanTraceIsDropped() {
        Score seen = score(Fault.NEGATIVES, true, new TreeMap<>());
        Score unseen = score(Fault.NEGATIVES, false, new TreeMap<>());
        assertThat(seen.clean() + unseen.clean()).isEqualTo(319);
        assertThat(seen.wrong() + unseen.wrong()).isLessThanOrEqualTo(3);
    }

    /** Of refusals that are found, how many are told to be of their topic. */
    @Test
    void refusalsAreToldApartByTopic() {
        int[] n = new int[2];
        for (Labelled labelled : ALL) {
            Verdict verdict = new NoRefusal().check(labelled.trace());
            if (labelled.fault() == Fault.REFUSAL && verdict.outcome() == Verdict.Outcome.FAIL) {
                String topic = labelled.topic().equals("policy_unspecified") ? "policy" : labelled.topic();
                n[0] += verdict.by().equals(NoRefusal.NAME + ":" + topic) ? 1 : 0;
                n[1]++;
            }
        }
        if (SHOW) {
            System.out.printf("topics of refusals: %d of %d%n", n[0], n[1]);
        }
        assertThat((double) n[0] / n[1]).isGreaterThan(0.6);
    }
}
