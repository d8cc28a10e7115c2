package dev.distill.train;

/**
 * What the student, as it is after a step, answers to one of the prompts that were held back for validation: a line of
 * {@code samples.jsonl}.
 *
 * @param step from 0, the state before the first update
 * @param number of the prompt among those that are asked, from 0
 * @param promptId {@link dev.distill.data.trace.Prompt#id}
 * @param question the last message of the prompt
 * @param reasoning empty where there is none
 * @param answer what follows it; empty if the tokens ran out before
 * @param finish why it ended, in the word of {@link dev.distill.data.trace.FinishReason}
 * @param newTokens that it wrote
 */
public record SampleReport(
        int step,
        int number,
        String promptId,
        String question,
        String reasoning,
        String answer,
        String finish,
        int newTokens) {}
