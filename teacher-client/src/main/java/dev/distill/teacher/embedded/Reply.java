package dev.distill.teacher.embedded;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.embedded.fault.ContentFault;

/**
 * What this teacher says to one request, cut to the limit of tokens and counted.
 *
 * @param reasoning the chain of thought, without tags
 * @param answer what follows it
 * @param finish why it ended
 * @param usage the tokens
 * @param fault what is wrong with the text
 * @param detail the kind within the fault; empty where nothing is wrong
 */
record Reply(String reasoning, String answer, FinishReason finish, Usage usage, ContentFault fault, String detail) {}
