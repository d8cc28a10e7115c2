package dev.distill.serve;

import dev.distill.data.template.ReasoningSplitter;
import dev.distill.student.generate.Sampling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, all of it checked.
 *
 * @param lane that answers
 * @param prompts one or more
 * @param common of both kinds of requests
 * @param maxNewTokens of each answer; 0 to have the prompt scored alone
 * @param told what is told of tokens
 */
record Order(Lane lane, List<Prompt> prompts, Common common, int maxNewTokens, Told told) {
    /**
     * A text to be continued.
     *
     * @param text as the model reads it
     * @param start where reasoning begins; null where none is told apart
     * @param seedName the same for the same prompt: what its dice are called by
     * @param firstSample of its answers; those of a prompt that stands in a list for the second time follow those of the first
     */
    record Prompt(int[] ids, String text, ReasoningSplitter.@Nullable Start start, String seedName, int firstSample) {}

    /**
     * What chats and completions ask for in the same words.
     *
     * @param n answers to each prompt
     * @param seed of all of them
     * @param stops each ends an answer
     * @param stream as it is written, in server-sent events
     * @param usage whether a stream ends with what it took
     */
    record Common(int n, Sampling sampling, long seed, List<String> stops, boolean stream, boolean usage) {}

    /**
     * What is told beside the text.
     *
     * @param logprobs whether each token's log-probability is
     * @param likeliest how many of the likeliest tokens are, in each place
     * @param echo whether the answer begins with the prompt
     * @param asIds whether tokens are called by their ids
     */
    record Told(boolean logprobs, int likeliest, boolean echo, boolean asIds) {
        static final Told NOTHING = new Told(false, 0, false, false);
    }

    /** Answers; the n of a prompt stand together. */
    int rows() {
        return prompts.size() * common.n;
    }

    Prompt prompt(int row) {
        return prompts.get(row / common.n);
    }

    int promptTokens() {
        return prompts.stream().mapToInt(prompt -> prompt.ids.length).sum();
    }

    /** Log-probabilities that are told at most. */
    long toldAtMost() {
        long tokens = prompts.stream()
                .mapToLong(prompt -> maxNewTokens + (told.echo ? prompt.ids.length : 0L))
                .sum();
        return told.logprobs ? tokens * common.n * (1 + told.likeliest) : 0;
    }

    /** Whether prompts are to be scored before anything is written. */
    boolean scoresPrompts() {
        return told.echo && told.logprobs;
    }
}
