package dev.distill.data.curate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** What a refused question is about, as its words tell ({@code refusal-topics.txt}). */
enum RefusalTopic {
    SELF_HARM,
    SEXUAL,
    WEAPONS,
    DRUGS,
    POLITICS_CHINA,
    POLITICS_OTHER,
    COPYRIGHT,
    PRIVACY,
    MEDICAL_LEGAL,
    HARM,
    /** What the model cannot do: browse, see, remember. */
    CAPABILITY,
    /** A policy, guidelines, a scope, without a word of what for. */
    POLICY;

    private static final String RESOURCE = "refusal-topics.txt";
    private static final Map<RefusalTopic, Pattern> WORDS = read();

    /** A word of the question says as much as so many of the answer. */
    private static final int QUESTION = 2;

    /** How much of an answer is looked at. */
    private static final int START = 600;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The topic with the most different words in question and answer; {@link #POLICY} where no topic has any. */
    static RefusalTopic of(String question, String answer) {
        RefusalTopic best = POLICY;
        int most = 0;
        String start = answer.substring(0, Math.min(START, answer.length()));
        for (Map.Entry<RefusalTopic, Pattern> topic : WORDS.entrySet()) {
            long words = QUESTION * distinct(topic.getValue(), question) + distinct(topic.getValue(), start);
            if (words > most) {
                best = topic.getKey();
                most = (int) words;
            }
        }
        return best;
    }

    /** Whether a text has a word of this topic. */
    boolean in(String text) {
        Pattern words = WORDS.get(this);
        return words != null && words.matcher(text).find();
    }

    private static long distinct(Pattern words, String text) {
        return words.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(found -> found.group())
                .distinct()
                .count();
    }

    private static Map<RefusalTopic, Pattern> read() {
        Map<RefusalTopic, Pattern> topics = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(RefusalTopic.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                int colon = line.indexOf(": ");
                if (colon > 0 && !line.startsWith("#")) {
                    topics.put(
                            valueOf(line.substring(0, colon).toUpperCase(Locale.ROOT)),
                            words(line.substring(colon + 2)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return topics;
    }

    private static Pattern words(String list) {
        StringBuilder pattern = new StringBuilder();
        for (String word : list.split(" \\| ")) {
            boolean latin = word.charAt(0) < 128;
            boolean open = word.endsWith("*");
            String text = Pattern.quote(open ? word.substring(0, word.length() - 1) : word);
            pattern.append(pattern.isEmpty() ? "" : "|")
                    .append(latin ? "(?<![\\p{L}\\d])" : "")
                    .append(text)
                    .append(open ? "\\w*" : latin ? "(?![\\p{L}\\d])" : "");
        }
        return Pattern.compile(pattern.toString(), Pattern.CASE_INSENSITIVE);
    }
}
