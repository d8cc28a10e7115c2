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
 * The phrase books share no long text with the labelled set, as they would if a filter had been written off it. A literal is a
 * run of letters and spaces in a pattern, 12 characters or longer; what every refusal, greeting or statement says (fixed
 * expressions of three or more records, or on the list) is nobody's.
 */
class SharedLiteralTest {
    private static final Pattern LITERAL = Pattern.compile("[\\p{L}' ]{12,}");

    /** So many records with a literal make it an expression of the language. */
    private static final int COMMON = 3;

    /** Fixed expressions that stand in one or two records: what models and offices are known to say. */
    private static final Set<String> GENERIC = Set.of();

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
                    if (text.length() >= 12 && in > 0 && in < COMMON && !GENERIC.contains(text)) {
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
