package dev.distill.data.answer;

import java.io.Serializable;

/**
 * How strictly answers are compared.
 *
 * @param decimals digits after the point to which a rounded decimal must agree with an exact value, 1 to 20
 * @param inequalityForInterval whether {@code -2 < x < 7} answers a reference that is the interval {@code (-2, 7)}; the
 *     other way round it always does
 * @param sameNames whether {@code f(x)} and {@code f(y)} are different
 * @param listOrder whether {@code 1, 2} and {@code 2, 1} are different when nothing stands around them
 */
public record ComparisonRules(int decimals, boolean inequalityForInterval, boolean sameNames, boolean listOrder)
        implements Serializable {
    /** The defaults: 6 decimals, as Math-Verify; lists without brackets are in any order. */
    public static final ComparisonRules STANDARD = new ComparisonRules(6, false, true, false);

    public ComparisonRules {
        if (decimals < 1 || decimals > 20) {
            throw new IllegalArgumentException(
                    "answer comparison: decimals must be 1 to 20; got " + decimals + "; 6 is the usual");
        }
    }
}
