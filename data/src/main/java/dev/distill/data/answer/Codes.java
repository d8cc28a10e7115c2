package dev.distill.data.answer;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Capital letters and digits written together, where their order counts: {@code IX}, {@code CAB}, {@code F3}. Where both
 * answers are such, they are compared as text; {@code AB} and {@code BA} may be one segment or two orders, and nobody knows
 * which.
 */
final class Codes {
    private static final Pattern CODE = Pattern.compile("(?=[0-9 ]*[A-Z])[0-9A-Z]+(?: [A-Z])*");

    /** Below 40, which no segment is called. */
    private static final Pattern ROMAN = Pattern.compile("X{0,3}(?:IX|IV|V?I{0,3})");

    /** Without a digit behind a letter these are products: {@code 3f}. */
    private static final Pattern SMALL = Pattern.compile("[0-9a-zA-Z]+");

    /** A bar over three capitals or more makes no segment of them. */
    private static final Pattern BARRED = Pattern.compile("\\\\overline ?\\{ ?([0-9A-Z]{3,}) ?\\}");

    private Codes() {}

    /** What comparing both as codes gives; null where one of them is none, or letters are no more than factors. */
    static @Nullable Match compare(String gold, String prediction) {
        Matcher barredGold = BARRED.matcher(gold);
        Matcher barredPrediction = BARRED.matcher(prediction);
        return compared(
                barredGold.matches() ? barredGold.group(1) : gold,
                barredPrediction.matches() ? barredPrediction.group(1) : prediction);
    }

    private static @Nullable Match compared(String gold, String prediction) {
        if (!CODE.matcher(gold).matches() || !CODE.matcher(prediction).matches()) {
            boolean small =
                    SMALL.matcher(gold).matches() && SMALL.matcher(prediction).matches();
            boolean code = hasDigitBehindLetter(gold) || hasDigitBehindLetter(prediction);
            return small && code && Arrays.equals(sorted(gold), sorted(prediction)) ? Match.UNKNOWN : null;
        }
        String g = gold.replace(" ", "");
        String p = prediction.replace(" ", "");
        if (g.equals(p)) {
            return Match.SAME;
        }
        boolean ordered = capitals(g) > 1 || capitals(p) > 1 || hasDigitBehindLetter(g) || hasDigitBehindLetter(p);
        if (!ordered) {
            return null;
        }
        boolean roman = ROMAN.matcher(g).matches() && ROMAN.matcher(p).matches();
        boolean segment = capitals(g) == 2 && !hasDigitBehindLetter(g) && !hasDigitBehindLetter(p);
        return segment && !roman && Arrays.equals(sorted(g), sorted(p)) ? Match.UNKNOWN : Match.DIFFERENT;
    }

    private static long capitals(String code) {
        return code.chars().filter(Character::isUpperCase).count();
    }

    private static boolean hasDigitBehindLetter(String code) {
        for (int i = 1; i < code.length(); i++) {
            if (Character.isDigit(code.charAt(i)) && Character.isLetter(code.charAt(i - 1))) {
                return true;
            }
        }
        return false;
    }

    private static int[] sorted(String code) {
        return code.chars().sorted().toArray();
    }
}
