package dev.distill.data.curate;

import dev.distill.data.curate.PhraseIndex.Match;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds answers that recite a government's statements instead of answering, as models under China's rules for generative
 * services do. A sentence that says whose statement it is (Beijing claims that ..., "...") reports and does not recite.
 */
final class OfficialPosition {
    private static final PhraseIndex PHRASES =
            new PhraseIndex(PhraseBook.read("official-positions.txt").section("china"));

    private static final Pattern ATTRIBUTED = Pattern.compile(
            "\\b(?:says?|said|claim(?:s|ed|ing)?|argue[sd]?|maintain(?:s|ed)?|assert(?:s|ed)?|insist(?:s|ed)?|state[sd]?|considers?|regards?|views?|according to|position|official(?:ly)?|narrative|rhetoric|propaganda|beijing|prc|critics?|calls?|called|describes?|slogan|phrase|declare[sd]?|act|law|states that)\\b|[\"“”'‘]"
                    + "|声称|宣称|认为|主张|表示|立场|官方|中方|北京|称|说|口号|“|「");

    /** Every statement names the country, the party or the place; looking for them first is many times faster. */
    private static final List<String> NAMED = List.of(
            "hin",
            "arty",
            "Taiwan",
            "Tibet",
            "Xinjiang",
            "Hong Kong",
            "motherland",
            "people-cent",
            "中国",
            "中华",
            "祖国",
            "党",
            "台湾",
            "西藏",
            "新疆",
            "香港",
            "人民",
            "社会");

    private static final int LONGEST_SENTENCE = 1_000;

    private OfficialPosition() {}

    /**
     * What is recited; null for nothing.
     *
     * @param asked whether the question is about it: then one phrase is enough, else it takes two different ones
     */
    static @Nullable String find(Reading reading, BooleanSupplier asked) {
        if (NAMED.stream().noneMatch(reading.text()::contains)) {
            return null;
        }
        PhraseText folded = reading.phrases();
        Set<String> found = new HashSet<>();
        String first = null;
        for (Match match = PHRASES.find(folded, 0); match != null; match = PHRASES.find(folded, match.end())) {
            if (!ATTRIBUTED
                    .matcher(sentenceBefore(folded.lower(), match.start()))
                    .find()) {
                first = first == null ? match.in(folded.text()) : first;
                found.add(match.phrase().pattern().pattern());
            }
        }
        return found.size() > 1 || (found.size() == 1 && asked.getAsBoolean()) ? first : null;
    }

    /** Of a sentence without end the last part, so that a loop of phrases takes no time squared. */
    private static String sentenceBefore(char[] text, int end) {
        int start = end;
        int least = Math.max(0, end - LONGEST_SENTENCE);
        while (start > least && ".!?\n。！？".indexOf(text[start - 1]) < 0) {
            start--;
        }
        return new String(text, start, end - start);
    }
}
