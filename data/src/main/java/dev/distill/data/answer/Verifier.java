package dev.distill.data.answer;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;

/**
 * Decides whether a trace's answer is right. The rule-based one lives here; those that need a process or the network
 * (sandbox, judge model) live elsewhere and are passed in.
 */
public interface Verifier {
    /** The name that its verdicts carry, for example {@code math}. */
    String name();

    /** A verdict, always: what cannot be decided is {@link Verdict.Outcome#UNDECIDED}. Never throws for bad text. */
    Verdict verify(Trace trace);
}
