package dev.distill.teacher.embedded.fault;

import dev.distill.data.trace.FinishReason;

/**
 * The text of a reply before it is cut to the token limit.
 *
 * @param reasoning the chain of thought, without tags
 * @param answer what follows it
 * @param finish why it ends
 * @param fault what is wrong with it
 * @param detail the kind within the fault, for the log: a language, a shape of loop, the slip; empty where nothing is wrong
 */
public record Draft(String reasoning, String answer, FinishReason finish, ContentFault fault, String detail) {

    /** A reply with nothing wrong. */
    public static Draft honest(String reasoning, String answer) {
        return new Draft(reasoning, answer, FinishReason.STOP, ContentFault.NONE, "");
    }

    Draft spoilt(ContentFault by, String kind, String newReasoning, String newAnswer) {
        return new Draft(newReasoning, newAnswer, finish, by, kind);
    }

    Draft ending(FinishReason reason) {
        return new Draft(reasoning, answer, reason, fault, detail);
    }
}
