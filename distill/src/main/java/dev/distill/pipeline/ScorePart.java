package dev.distill.pipeline;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code train.score-*}: questions that the student answers while it is trained.
 *
 * @param select which checkpoint stays as the best
 * @param every steps between two times; 0 for never
 * @param tasks files of JSON lines with questions and references
 * @param limit questions of each at most, 0 for all
 * @param newTokens where an answer is cut
 */
record ScorePart(Select select, int every, List<Path> tasks, int limit, int newTokens) {
    /** By what. */
    enum Select {
        LOSS,
        SCORE
    }

    /** Those keys of {@code train}. */
    static ScorePart read(Section section) {
        ScorePart part = new ScorePart(
                section.choice("select", Select.class, Select.LOSS),
                section.whole("score-every", 0, 0, Integer.MAX_VALUE),
                section.paths("score-tasks"),
                section.whole("score-limit", 64, 0, Integer.MAX_VALUE),
                section.whole("score-tokens", 1024, 1, 1_000_000));
        if (part.every > 0 && part.tasks.isEmpty()) {
            section.problem(
                    "score-tasks", "is missing; give JSONL files of questions with references, or score-every: 0");
        }
        if (part.select == Select.SCORE && part.every == 0) {
            section.problem(
                    "select", "score needs questions that are asked while training; give score-every and score-tasks");
        }
        return part;
    }

    /** What a person should know where only some checkpoints have a score, and so can be the best. @param checkpoints steps between two */
    Optional<String> seldom(int checkpoints) {
        if (select == Select.LOSS || every == 0 || checkpoints % every == 0) {
            return Optional.empty();
        }
        long meet = (long) every
                / BigInteger.valueOf(every).gcd(BigInteger.valueOf(checkpoints)).intValue()
                * checkpoints;
        return Optional.of("train.score-every: " + every + " and train.checkpoint-every " + checkpoints + " meet every "
                + meet + " steps; no other checkpoint but the last has a score and can be the best");
    }
}
