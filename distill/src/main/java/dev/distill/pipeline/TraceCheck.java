package dev.distill.pipeline;

import dev.distill.data.pack.Sample;
import dev.distill.data.template.RenderException;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.trace.Trace;
import dev.distill.train.SampleMaker;
import org.jspecify.annotations.Nullable;

/** Makes the sample of a trace, or says why it makes none that could be trained on honestly. Safe for several threads. */
final class TraceCheck {
    /** What a trace that makes no sample is told apart by: one problem for all of a kind. */
    private static final String TEACHES_NOTHING = "no token of it is trained";

    private static final String HOLDS_MARKERS = "its answer holds reasoning markers";

    private final SampleRenderer renderer;
    private final SampleMaker maker;
    private final SampleMaker.Objective objective;

    TraceCheck(SampleRenderer renderer, SampleMaker.Objective objective) {
        this.renderer = renderer;
        this.maker = new SampleMaker(renderer, objective);
        this.objective = objective;
    }

    /** What a trace comes to. */
    sealed interface Verdict {
        record Fits(Trace trace, Sample sample) implements Verdict {}

        /** @param kind of all traces that have this reason; {@code message} names this one */
        record Unfit(String kind, String message) implements Verdict {}
    }

    Verdict of(Trace trace) {
        Verdict.Unfit refused = refuse(trace);
        if (refused != null) {
            return refused;
        }
        try {
            return new Verdict.Fits(trace, maker.sample(trace));
        } catch (RenderException e) {
            return new Verdict.Unfit(e.reason().name(), String.valueOf(e.getMessage()));
        }
    }

    /** Reasons that the template does not see. */
    private Verdict.@Nullable Unfit refuse(Trace trace) {
        boolean thinks = objective == SampleMaker.Objective.REASONING && reasons(trace);
        if (trace.answer().isBlank() && !thinks) {
            return unfit(
                    TEACHES_NOTHING,
                    trace,
                    TEACHES_NOTHING
                            + " but the end of the turn, for its answer is empty; let curation drop such traces");
        }
        String start = renderer.markers().start();
        String end = renderer.markers().end();
        if (trace.answer().strip().startsWith(start) || trace.answer().contains(end)) {
            return unfit(
                    HOLDS_MARKERS,
                    trace,
                    HOLDS_MARKERS + " (" + start + " or " + end
                            + "): its reasoning was never told apart, and the student"
                            + " would see it twice or out of place; split the reply again, or drop the trace");
        }
        return null;
    }

    private static Verdict.Unfit unfit(String kind, Trace trace, String message) {
        return new Verdict.Unfit(kind, "sample of trace " + trace.id() + ": " + message);
    }

    static boolean reasons(Trace trace) {
        String reasoning = trace.reasoning();
        return reasoning != null && !reasoning.isBlank();
    }
}
