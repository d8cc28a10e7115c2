package dev.distill.pipeline;

import dev.distill.data.curate.Correctness;
import dev.distill.data.curate.GivenVerdicts;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.shard.TraceVerdict;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict.Outcome;
import dev.distill.data.work.InOrder;
import dev.distill.eval.code.CodeProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The traces of a harvest that are to be judged, and what is asked about them. Traces that say the same to the same question share a question to
 * the judge.
 *
 * @param read traces of the harvest
 * @param cases in the order of the traces
 * @param questions to the judge
 */
record Docket(long read, List<Case> cases, List<Prompt> questions) {
    /**
     * One trace.
     *
     * @param about names what is judged, {@link TraceVerdict#about(Trace)}
     * @param question to the judge, by its id
     * @param rules what they find
     */
    record Case(String trace, String about, String question, Outcome rules) {}

    /** A trace with its question. */
    private record Entry(Case of, Prompt question) {}

    private static final String STOPPED = "verify: stopped before the judge was asked; the same command begins again";

    Docket {
        cases = List.copyOf(cases);
        questions = List.copyOf(questions);
    }

    /** @param rules what is found without a judge */
    static Docket of(Harvested harvest, Correctness rules, JudgePart.Which which, Stop stop) throws IOException {
        long[] read = {0};
        List<Case> cases = new ArrayList<>();
        Map<String, Prompt> questions = new LinkedHashMap<>();
        try (TraceReader traces = harvest.open()) {
            new InOrder(Runtime.getRuntime().availableProcessors())
                    .<Trace, Optional<Entry>>run(traces, trace -> entry(trace, rules, which), entry -> {
                        read[0]++;
                        stop.check(STOPPED);
                        entry.ifPresent(found -> {
                            cases.add(found.of());
                            questions.putIfAbsent(found.question().id(), found.question());
                        });
                    });
        }
        return new Docket(read[0], cases, List.copyOf(questions.values()));
    }

    /** Empty for a trace that is not judged. */
    private static Optional<Entry> entry(Trace trace, Correctness rules, JudgePart.Which which) {
        if (!isFit(trace)) {
            return Optional.empty();
        }
        Outcome outcome = rules.byRules(GivenVerdicts.STANDARD.of(trace)).outcome();
        if (!which.takes(outcome)) {
            return Optional.empty();
        }
        Prompt question = JudgePrompt.of(trace);
        return Optional.of(
                new Entry(new Case(trace.id(), TraceVerdict.about(trace), question.id(), outcome), question));
    }

    /** A reference to compare with that is no test of a program, and an answer that was not cut off: others are dropped whatever a judge says. */
    private static boolean isFit(Trace trace) {
        String reference = trace.reference();
        return reference != null
                && !reference.isBlank()
                && !trace.answer().isBlank()
                && trace.finish() != FinishReason.LENGTH
                && CodeProblem.of(reference).isEmpty();
    }
}
