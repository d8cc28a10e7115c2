package dev.distill.train;

import dev.distill.data.pack.Sample;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.trace.Trace;

/** Traces to samples: the text that a student of this template is to learn, as ids with their loss mask. */
public final class SampleMaker {
    /** What of a trace is taught. */
    public enum Objective {
        /** The reasoning and the answer. */
        REASONING,
        /** The answer alone: the twin that shows what the reasoning is worth. */
        ANSWER
    }

    private final SampleRenderer renderer;
    private final Objective objective;

    public SampleMaker(SampleRenderer renderer, Objective objective) {
        this.renderer = renderer;
        this.objective = objective;
    }

    /** The sample of one trace; text that the template cannot carry is an error that names the trace. */
    public Sample sample(Trace trace) {
        return switch (objective) {
            case REASONING -> renderer.render(trace).sample();
            case ANSWER -> renderer.withoutReasoning(trace).sample();
        };
    }
}
