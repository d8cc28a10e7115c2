package dev.distill.student.ops;

/**
 * What a teacher expects after each of N rows: its K likeliest tokens with their log-probabilities. What these leave of a whole is the mass of all
 * other tokens together.
 *
 * @param k K; a row may have fewer
 * @param ids_NK token ids, each at most once in a row; {@link #NONE} where a row has fewer than K, behind the others. A row with none at all is
 *     one of which the teacher says nothing
 * @param logProbabilities_NK natural logarithms, of the teacher's distribution at the temperature at which the student is compared with it
 */
public record TeacherRows(int k, int[] ids_NK, float[] logProbabilities_NK) {
    /** In the place of a token. */
    public static final int NONE = -1;

    public TeacherRows {
        if (k < 1 || ids_NK.length % k != 0 || ids_NK.length != logProbabilities_NK.length) {
            throw new IllegalArgumentException("teacher rows: needs K of at least 1, and K ids and K log-probabilities"
                    + " a row; got K = " + k + ", " + ids_NK.length + " ids and " + logProbabilities_NK.length
                    + " log-probabilities");
        }
        for (int i = 0; i < ids_NK.length; i++) {
            if (ids_NK[i] != NONE && !(logProbabilities_NK[i] <= 1e-4f)) { // rounding may lead above 0
                throw new IllegalArgumentException("teacher rows: a log-probability must be at most 0, got "
                        + logProbabilities_NK[i] + " of token " + ids_NK[i] + " in row " + i / k);
            }
        }
    }

    /** N. */
    public int rows() {
        return ids_NK.length / k;
    }

    /** How many tokens a row has. */
    public int count(int row) {
        int count = 0;
        while (count < k && ids_NK[row * k + count] != NONE) {
            count++;
        }
        return count;
    }

    /** A row's i-th token. */
    public int id(int row, int i) {
        return ids_NK[row * k + i];
    }

    /** The log-probability of a row's i-th token. */
    public float logProbability(int row, int i) {
        return logProbabilities_NK[row * k + i];
    }
}
