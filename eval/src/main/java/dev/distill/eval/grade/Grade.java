package dev.distill.eval.grade;

/** What became of one response. */
public enum Grade {
    RIGHT,
    WRONG,
    /**
     * It has an answer, and the rules cannot tell whether it is the reference: they cannot read it, or it is too much work. It counts
     * against the model, as other harnesses count it, and apart from what is wrong, so that somebody can look.
     */
    UNDECIDED,
    /** It ended by itself and gave no answer that can be read. */
    NO_ANSWER,
    /** The token limit cut it off; what it had written so far is not taken for an answer. */
    TRUNCATED,
    /** Network or server failed: says nothing about the model and does not count for or against it. */
    INFRA_ERROR
}
