package dev.distill.respond;

import java.util.List;

/**
 * Cuts a growing text before the first of several texts that are to end it. They may begin and end anywhere in what is
 * added; what could be the beginning of one is held back until it is decided.
 *
 * <p>The one that is complete first counts, however the text was cut into pieces; of those complete at the same character,
 * the longest. Each character is looked at once for each of them (Knuth, Morris and Pratt 1977, "Fast pattern matching in
 * strings"). For one text and one thread.
 */
final class StopStrings {
    private final List<Pattern> patterns;
    private final StringBuilder pending = new StringBuilder();
    private boolean met;
    private int decided;

    /** @throws IllegalArgumentException if one of them is empty */
    StopStrings(List<String> stops) {
        check(stops);
        patterns = stops.stream().map(Pattern::new).toList();
    }

    /** @throws IllegalArgumentException if one of them is empty */
    static void check(List<String> stops) {
        int empty = stops.indexOf("");
        if (empty >= 0) {
            throw new IllegalArgumentException("stop strings: number " + (empty + 1) + " of " + stops.size()
                    + " is empty, which would end every text before it begins; leave it out");
        }
    }

    /** Characters handed out so far. */
    int decided() {
        return decided;
    }

    /** What of the text so far is decided and was not handed out before. After a stop string there is nothing more. */
    String add(String text) {
        if (met) {
            return "";
        }
        for (int i = 0; i < text.length(); i++) {
            pending.append(text.charAt(i));
            int longest = 0;
            for (Pattern pattern : patterns) {
                if (pattern.completes(text.charAt(i))) {
                    longest = Math.max(longest, pattern.length());
                }
            }
            if (longest > 0) {
                met = true;
                pending.setLength(pending.length() - longest);
                return finish();
            }
        }
        int held = patterns.stream().mapToInt(Pattern::begun).max().orElse(0);
        String out = pending.substring(0, pending.length() - held);
        pending.delete(0, out.length());
        decided += out.length();
        return out;
    }

    /** The text is over: what was held back. */
    String finish() {
        String rest = pending.toString();
        pending.setLength(0);
        decided += rest.length();
        return rest;
    }

    /** Whether one of them has come. */
    boolean met() {
        return met;
    }

    /** One of them, and how much of it the text ends with. */
    private static final class Pattern {
        private final String text;
        /** For each number of characters, how many of them the longest beginning has that is their end as well. */
        private final int[] shorter;

        private int begun;

        Pattern(String text) {
            this.text = text;
            this.shorter = new int[text.length() + 1];
            for (int i = 1, n = 0; i < text.length(); i++) {
                n = after(n, text.charAt(i));
                shorter[i + 1] = n;
            }
        }

        int length() {
            return text.length();
        }

        int begun() {
            return begun;
        }

        boolean completes(char next) {
            begun = after(begun, next);
            return begun == text.length();
        }

        private int after(int n, char next) {
            int m = n;
            while (m > 0 && (m == text.length() || text.charAt(m) != next)) {
                m = shorter[m];
            }
            return text.charAt(m) == next ? m + 1 : 0;
        }
    }
}
