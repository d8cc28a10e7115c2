package dev.distill.data.answer;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells what a text says that the answer is not: {@code It cannot be 42}, {@code neither (A) nor (C)}. */
final class Negation {
    private static final int MAX_BEFORE = 80;

    private static final Pattern BEFORE =
            Pattern.compile("(?:\\b(?:not|cannot|never|neither|nor|wrong|incorrect)|n['’]t|≠|\\\\neq?)"
                    + "(?:\\s+(?:be|equal|to|simply|just|exactly|necessarily|either|choose|pick|select|the|option|choice|answer|is))*+"
                    + "[\\s:(*$\\[\\\\]*+$");

    private static final Pattern ANYWHERE = Pattern.compile(
            "\\b(?:not|cannot|never|neither|nor|except|wrong|incorrect|false|excluded?|eliminated?|ruled? out|instead of|rather"
                    + " than|unlike)\\b|n['’]t\\b");

    private static final Pattern SENTENCE_END = Pattern.compile("[.!?](?=\\s|$)|\\n");

    private Negation() {}

    /** Whether what begins here is said not to be it. */
    static boolean before(String text, int start) {
        String words = text.substring(Math.max(0, start - MAX_BEFORE), start).toLowerCase(Locale.ROOT);
        return BEFORE.matcher(words).find();
    }

    /** Whether the sentence around this place denies anything. */
    static boolean inSentence(String text, int from, int to) {
        int start = 0;
        Matcher end = SENTENCE_END.matcher(text);
        while (end.find() && end.end() <= from) {
            start = end.end();
        }
        int stop = end.find(to) ? end.start() : text.length();
        return ANYWHERE.matcher(text.substring(start, stop).toLowerCase(Locale.ROOT))
                .find();
    }
}
