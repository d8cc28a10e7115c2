package dev.distill.pipeline;

import dev.distill.data.shard.Manifest;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a judge found.
 *
 * @param read traces of the harvest
 * @param asked those that were judged
 * @param left those that are still to be judged
 * @param reasons how often each verdict's first word was given
 * @param agreement with the rules
 * @param spent on the judge in this run's folder
 */
public record JudgeReport(
        long read, long asked, long left, SortedMap<String, Long> reasons, Agreement agreement, Money spent) {
    private static final String READ = "read";
    private static final String ASKED = "asked";
    private static final String REASON = "reason_";
    private static final String SAME = "agreed";
    private static final String OF = "compared";
    private static final String RIGHT = "right";
    private static final String WRONG = "wrong";

    /** Without a reply these are asked about again. */
    private static final String NO_REPLY = "no-reply";

    /**
     * Of judge and rules, where both have decided.
     *
     * @param same traces that both find right, or both wrong
     * @param of traces that both have decided
     */
    public record Agreement(long same, long of) {
        private Agreement plus(Outcome rules, Outcome judge) {
            boolean both = rules != Outcome.UNDECIDED && judge != Outcome.UNDECIDED;
            return new Agreement(same + (both && rules == judge ? 1 : 0), of + (both ? 1 : 0));
        }
    }

    public JudgeReport {
        reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
    }

    public long right() {
        return count(RIGHT);
    }

    public long wrong() {
        return count(WRONG);
    }

    /** All others: also those whose votes are split, and those without a reply that can be read. */
    public long undecided() {
        return asked - right() - wrong();
    }

    private long count(String reason) {
        return reasons.getOrDefault(reason, 0L);
    }

    /** @param whole whether nothing is left to be asked; else what has not all its votes is left */
    static JudgeReport of(Docket docket, Map<String, Judgement> judgements, int votes, boolean whole, Money spent) {
        SortedMap<String, Long> reasons = new TreeMap<>();
        Agreement agreement = new Agreement(0, 0);
        long asked = 0;
        for (Docket.Case each : docket.cases()) {
            Judgement judgement = judgements.getOrDefault(each.question(), Judgement.NONE);
            if (whole || judgement.isWhole(votes)) {
                Verdict verdict = judgement.verdict(votes);
                asked++;
                reasons.merge(verdict.reason().split(":", 2)[0], 1L, Long::sum);
                agreement = agreement.plus(each.rules(), verdict.outcome());
            }
        }
        return new JudgeReport(docket.read(), asked, docket.cases().size() - asked, reasons, agreement, spent);
    }

    /** As a manifest has it. */
    Map<String, Long> counts() {
        Map<String, Long> counts =
                new TreeMap<>(Map.of(READ, read, ASKED, asked, SAME, agreement.same(), OF, agreement.of()));
        reasons.forEach((reason, count) -> counts.put(REASON + reason, count));
        return counts;
    }

    static long unanswered(Manifest manifest) {
        return manifest.counts().getOrDefault(REASON + NO_REPLY, 0L);
    }

    static JudgeReport of(Manifest manifest, Money spent) {
        Map<String, Long> counts = manifest.counts();
        SortedMap<String, Long> reasons = new TreeMap<>();
        counts.forEach((name, count) -> {
            if (name.startsWith(REASON)) {
                reasons.put(name.substring(REASON.length()), count);
            }
        });
        return new JudgeReport(
                counts.getOrDefault(READ, 0L),
                counts.getOrDefault(ASKED, 0L),
                0,
                reasons,
                new Agreement(counts.getOrDefault(SAME, 0L), counts.getOrDefault(OF, 0L)),
                spent);
    }
}
