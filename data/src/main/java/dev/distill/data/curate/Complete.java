package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Drops replies that claim to be finished and are not: a thought that never ends (no closing tag, the answer goes on
 * thinking), tags of thought left in a text, a text that stops in the middle of a formula, of code or of a sentence. What the
 * provider says of the end is {@link Finished}'s business.
 */
public record Complete() implements TraceFilter {
    public static final String NAME = "complete";

    /** Tags around thoughts, of any family of models. */
    private static final List<String> TAGS = List.of(
            "<think>",
            "</think>",
            "<thinking>",
            "</thinking>",
            "<thought>",
            "</thought>",
            "<reasoning>",
            "</reasoning>",
            "<answer>",
            "</answer>",
            "<|begin_of_thought|>",
            "<|end_of_thought|>",
            "<|begin_of_solution|>",
            "<|end_of_solution|>",
            "<seed:think>",
            "</seed:think>",
            "◁think▷",
            "◁/think▷",
            "[THINK]",
            "[/THINK]");

    /** How thoughts begin, and answers do not. */
    private static final Pattern THINKS_ALOUD = Pattern.compile(
            "\\s*(?:okay|ok|alright|hmm+|let me think|let me see|let's see|wait|first, i (?:need|should)|so,? i (?:need|have) to|i need to (?:figure|find|think)|the user (?:is asking|wants|asks)|嗯|好的?，(?:我现在|用户|我需要|首先)|首先，我(?:需要|得))[\\s,.，。—-]",
            Pattern.CASE_INSENSITIVE);

    /** Words of somebody who is still thinking. */
    private static final Pattern STILL_THINKING = Pattern.compile(
            "(?:^|[.!?\\n] ?)(?:wait|hmm+|hold on|actually, (?:wait|no|let)|let me (?:re-?check|double[- ]check|think|reconsider|try|see|start over|re-?read|verify)|but wait|no, that'?s|oh,? (?:i|wait)|maybe i (?:should|can|need)|i'm not sure|alternatively, (?:maybe|i|let)|等等|让我再|不对|等一下)",
            Pattern.CASE_INSENSITIVE);

    /** So many of them in an answer are a thought; two where it also begins like one. */
    private static final int THOUGHTS = 3;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        String reasoning = trace.reasoning() == null ? "" : trace.reasoning();
        String fault = tag(reasoning, trace.question());
        fault = fault == null ? null : "reasoning [tag]: " + fault;
        if (fault == null) {
            String inAnswer = tag(trace.answer(), trace.question());
            fault = inAnswer == null ? neverClosed(trace) : "answer [tag]: " + inAnswer;
        }
        fault = fault == null && isThought(trace.answer()) ? "answer [thought]: goes on thinking" : fault;
        fault = fault == null ? cut("answer", trace.answer(), true) : fault;
        fault = fault == null ? cut("reasoning", reasoning, false) : fault;
        return fault == null ? Verdict.pass(NAME, "to the end") : Verdict.fail(NAME, fault);
    }

    private static @Nullable String tag(String text, String question) {
        if (text.indexOf('<') < 0 && text.indexOf('[') < 0 && text.indexOf('◁') < 0) {
            return null;
        }
        for (String tag : TAGS) {
            if (text.contains(tag) && !question.contains(tag)) {
                return tag;
            }
        }
        return null;
    }

    private static @Nullable String neverClosed(Trace trace) {
        boolean open = trace.rawReply().contains("<think>") && !trace.rawReply().contains("</think>");
        return open && trace.rawReply().stripLeading().startsWith("<think>")
                ? "reply [tag]: <think> is never closed"
                : null;
    }

    private static boolean isThought(String answer) {
        int thoughts = 0;
        for (Matcher still = STILL_THINKING.matcher(answer); still.find() && thoughts < THOUGHTS; ) {
            thoughts++;
        }
        return thoughts >= THOUGHTS
                || (thoughts >= THOUGHTS - 1 && THINKS_ALOUD.matcher(answer).lookingAt());
    }

    private static @Nullable String cut(String where, String text, boolean prose) {
        String cut = CutText.find(text, prose);
        return cut == null ? null : where + " [cut]: " + cut;
    }
}
