package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.curate.LabelledSet.Labelled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The filters share no long text with the labelled set, as they would if they had been written off it. A literal is a run of
 * letters and spaces in a pattern, 12 characters and three words or longer, as it stands in a reply of the set. One that
 * stands in three records or more is an expression of the language; rarer ones must be on the list, and stood in the filters
 * before the set was there.
 */
class SharedLiteralTest {
    private static final Pattern LITERAL = Pattern.compile("[\\p{L}' ]{12,}");

    /** So many records with a literal make it an expression of the language. */
    private static final int COMMON = 3;

    /** Fixed expressions that stand in one or two records: what models, offices and pages are known to say. */
    private static final Set<String> GENERIC = Set.of(
            "all ethnic groups",
            "all rights reserved",
            "any other questions",
            "china's internal affairs",
            "feel free to",
            "happy to help",
            "have the ability to",
            "i'm happy to",
            "is not something i",
            "is there anything",
            "leadership of the",
            "not a doctor",
            "not going to",
            "part of china",
            "people of all ethnic",
            "people of all ethnic groups",
            "please let me",
            "reunification of the motherland",
            "sent from my",
            "south china sea",
            "thank you for",
            "the information provided",
            "the people of all",
            "the people of all ethnic groups",
            "the south china sea",
            "this does not",
            "under the leadership",
            "would you like");

    @Test
    void noLiteralStandsInOneRecordAlone() throws IOException {
        List<String> texts = new ArrayList<>();
        for (Labelled labelled : LabelledSet.read()) {
            texts.add((labelled.trace().reasoning() + "\n" + labelled.trace().answer()).toLowerCase(Locale.ROOT));
        }
        TreeMap<String, Long> shared = new TreeMap<>();
        int literals = 0;
        for (String book :
                List.of("identity-claims.txt", "official-positions.txt", "boilerplate.txt", "refusal-topics.txt")) {
            for (String line :
                    read(book).lines().filter(line -> !line.startsWith("#")).toList()) {
                for (Matcher literal = LITERAL.matcher(line); literal.find(); ) {
                    String text = literal.group().strip().toLowerCase(Locale.ROOT);
                    literals++;
                    long in =
                            texts.stream().filter(other -> other.contains(text)).count();
                    if (text.length() >= 12
                            && text.split(" ").length >= 3
                            && in > 0
                            && in < COMMON
                            && !GENERIC.contains(text)) {
                        shared.put(text, in);
                    }
                }
            }
        }
        assertThat(literals).isGreaterThan(300);
        assertThat(shared).isEmpty();
    }

    private static String read(String book) throws IOException {
        try (InputStream in = Objects.requireNonNull(PhraseBook.class.getResourceAsStream(book), book)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
