package dev.distill.data.curate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The language of a question that is a formula and one word, as Compute ({@code task-words.txt}). */
final class TaskWords {
    /** Languages as bits by ordinal, by the word's {@link Language#hash}. */
    private static final Map<Long, Integer> LANGUAGES = read();

    private TaskWords() {}

    /** The languages that have all task words of a text, as bits; none where it has no task word. */
    static int languages(LanguageCount text) {
        int languages = 0;
        for (int i = 0; i < text.size(); i++) {
            int of = text.isOtherScript(i) ? 0 : LANGUAGES.getOrDefault(text.hash(i), 0);
            languages = languages == 0 || of == 0 ? languages | of : languages & of;
        }
        return languages;
    }

    private static Map<Long, Integer> read() {
        Map<Long, Integer> languages = new HashMap<>();
        try (InputStream in =
                Objects.requireNonNull(TaskWords.class.getResourceAsStream("task-words.txt"), "task-words.txt")) {
            Language language = Language.ENGLISH;
            String words = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("#.*", "");
            for (String word : words.strip().split("\\s+")) {
                if (word.endsWith(":")) {
                    language = Language.valueOf(
                            word.substring(0, word.length() - 1).toUpperCase(Locale.ROOT));
                } else {
                    languages.merge(Language.hash(word), language.bit(), (a, b) -> a | b);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return languages;
    }
}
