package dev.distill.teacher.harvest;

import dev.distill.data.answer.Verifier;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.List;

/**
 * Rejection sampling: a prompt is asked again until so many of its answers are right. The samples of a prompt are asked in
 * their order, and never more at a time than might still be needed; so what is bought is the shortest run of samples that has
 * enough right answers, or all of them, whatever order the replies come in and however often the process is killed.
 *
 * @param right answers that are wanted of each prompt
 * @param tries samples of a prompt at most
 * @param verifier compares with the prompt's reference
 */
public record UntilRight(int right, int tries, Verifier verifier) {
    /** Whether this trace counts: verified as right, and not cut off. */
    boolean accepts(Trace trace) {
        return trace.finish() != FinishReason.LENGTH && verifier.verify(trace).outcome() == Verdict.Outcome.PASS;
    }

    /** Refuses prompts whose answers nobody can judge, before anything is bought. */
    void requireReferences(List<Prompt> prompts) {
        List<Prompt> without =
                prompts.stream().filter(prompt -> prompt.reference() == null).toList();
        if (!without.isEmpty()) {
            String first = without.getFirst().question();
            throw new HarvestConfigException(List.of("harvest.until-right: every prompt must have a reference answer; "
                    + without.size() + " of " + prompts.size() + " have none, the first is \""
                    + (first.length() > 80 ? first.substring(0, 80) + "..." : first) + "\" from "
                    + without.getFirst().source() + "; name their column in prompts.reference, leave them out, or set"
                    + " harvest.samples instead"));
        }
    }
}
