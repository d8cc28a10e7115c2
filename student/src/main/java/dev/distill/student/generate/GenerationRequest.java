package dev.distill.student.generate;

import java.util.Set;

/**
 * One text to be continued.
 *
 * @param row the caller's number for it, given back with every token
 * @param prompt token ids, at least one
 * @param sampling how tokens are chosen
 * @param seed of this row's choices; with the same model, prompt and sampling it gives the same text
 * @param maxNewTokens where it is cut
 * @param endIds tokens that end it
 * @param likeliest how many of the likeliest tokens of each place are told beside the one that was chosen; 0 for none
 */
public record GenerationRequest(
        long row, int[] prompt, Sampling sampling, long seed, int maxNewTokens, Set<Integer> endIds, int likeliest) {

    public GenerationRequest {
        prompt = prompt.clone();
        endIds = Set.copyOf(endIds);
        if (prompt.length == 0 || maxNewTokens < 1) {
            throw new IllegalArgumentException("generation row " + row + ": needs a prompt of at least one token and"
                    + " at least one new token, got " + prompt.length + " and " + maxNewTokens);
        }
        if (likeliest < 0) {
            throw new IllegalArgumentException(
                    "generation row " + row + ": likeliest tokens must be at least 0, got " + likeliest);
        }
    }

    /** Without likeliest tokens. */
    public GenerationRequest(
            long row, int[] prompt, Sampling sampling, long seed, int maxNewTokens, Set<Integer> endIds) {
        this(row, prompt, sampling, seed, maxNewTokens, endIds, 0);
    }
}
