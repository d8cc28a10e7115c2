package dev.distill.serve;

/** An answer that waits for its place in the batch. */
record Turn(Job job, int row) {
    /** Which of its request's prompts it continues. */
    int prompt() {
        return row / job.order().common().n();
    }

    int[] ids() {
        return job.order().prompts().get(prompt()).ids();
    }

    /** Whether its prompt is to be scored before anything else. */
    boolean needsScores() {
        return job.order().scoresPrompts() && !job.isScored(prompt());
    }

    /** Whether there is nothing to be written. */
    boolean isEmpty() {
        return job.order().maxNewTokens() == 0;
    }
}
