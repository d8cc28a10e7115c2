package dev.distill.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    @Test
    void cutsBeforeAStopStringThatSpansPieces() {
        StopStrings stops = new StopStrings(List.of("\n\nQ:"));
        assertThat(stops.add("four.")).isEqualTo("four.");
        assertThat(stops.add("\n")).as("could be its beginning").isEmpty();
        assertThat(stops.add("\nQ")).isEmpty();
        assertThat(stops.met()).isFalse();
        assertThat(stops.add(": 3?")).isEmpty();
        assertThat(stops.met()).isTrue();
        assertThat(stops.add("more")).isEmpty();
        assertThat(stops.finish()).isEmpty();
    }

    @Test
    void handsOutWhatTurnsOutToBeNone() {
        StopStrings stops = new StopStrings(List.of("aab"));
        assertThat(stops.add("aa")).isEmpty();
        assertThat(stops.add("a")).as("of three the first is decided").isEqualTo("a");
        assertThat(stops.add("c")).isEqualTo("aac");
        assertThat(stops.add("a")).isEmpty();
        assertThat(stops.finish()).isEqualTo("a");
        assertThat(stops.met()).isFalse();
    }

    @Test
    void theOneThatIsCompleteFirstCountsAndOfEqualsTheLongest() {
        assertThat(cut("xabcdefx", List.of("abcdef", "cd"), 1)).isEqualTo("xab|true");
        assertThat(cut("xabcx", List.of("c", "abc", "bc"), 8)).isEqualTo("x|true");
        assertThat(cut("anything", List.of(), 3)).isEqualTo("anything|false");
    }

    @Test
    void anEmptyOneIsRefused() {
        assertThatThrownBy(() -> new StopStrings(List.of("a", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stop strings: number 2 of 2 is empty, which would end every text before it begins;"
                        + " leave it out");
    }

    /** Against the plain search after every character, for texts of two letters, which are full of beginnings. */
    @Test
    void cutsWhereAPlainSearchDoesHoweverTheTextCame() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            List<String> stops = new ArrayList<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                stops.add(letters(random, 1 + random.nextInt(6)));
            }
            String text = letters(random, random.nextInt(40));
            assertThat(cut(text, stops, 1 + random.nextInt(5)))
                    .as("seed %d, round %d: %s in %s", seed, round, stops, text)
                    .isEqualTo(searched(text, stops));
        }
    }

    private static String letters(Random random, int length) {
        StringBuilder text = new StringBuilder();
        random.ints(length, 0, 2).forEach(n -> text.append(n == 0 ? 'a' : 'b'));
        return text.toString();
    }

    /** In pieces of this length; nothing that is handed out may be taken back. */
    private static String cut(String text, List<String> stops, int length) {
        StopStrings scanner = new StopStrings(stops);
        StringBuilder found = new StringBuilder();
        for (int from = 0; from < text.length(); from += length) {
            found.append(scanner.add(text.substring(from, Math.min(from + length, text.length()))));
        }
        return found.append(scanner.finish()) + "|" + scanner.met();
    }

    private static String searched(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String soFar = text.substring(0, end);
            int longest = stops.stream()
                    .filter(soFar::endsWith)
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            if (longest > 0) {
                return text.substring(0, end - longest) + "|true";
            }
        }
        return text + "|false";
    }
}
