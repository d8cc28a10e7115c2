package dev.distill.serve;

import dev.distill.student.ops.TeacherRows;
import java.util.List;

/**
 * What an answer has grown by.
 *
 * @param reasoningTokens where log-probabilities are told: those of the reasoning and its marks that were not told before
 * @param answerTokens likewise of the answer
 */
record Said(String reasoning, String answer, List<Token> reasoningTokens, List<Token> answerTokens) {
    /** Where nothing is told of what else might have stood there. */
    static final TeacherRows NO_OTHERS = new TeacherRows(1, new int[0], new float[0]);

    /**
     * A token as it was chosen.
     *
     * @param logProbability natural, by the model before temperature and cuts; NaN for the first token of a prompt
     * @param likeliest one row of what else might have stood there; no row where that is not told
     */
    record Token(int id, float logProbability, TeacherRows likeliest) {}

    boolean isEmpty() {
        return reasoning.isEmpty() && answer.isEmpty() && reasoningTokens.isEmpty() && answerTokens.isEmpty();
    }

    /**
     * How an answer has ended.
     *
     * @param tokens that were written, an end token and those of a stop text too
     * @param reasoningTokens of these, those of the reasoning and its marks
     */
    record End(String finish, int tokens, int reasoningTokens) {}
}
