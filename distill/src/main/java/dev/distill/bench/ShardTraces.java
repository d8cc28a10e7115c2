package dev.distill.bench;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Traces of words that nobody knows, which are as long and compress as well as those of a reasoning model: 20,000 words of one to
 * four syllables, the r-th as frequent as 1 / (r + 3), in a prompt of about 200 characters, a reasoning of 4,000 and an answer of 300.
 */
public final class ShardTraces {
    private static final String[] ONSETS = {
        "", "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "th", "tr", "st", "v", "w"
    };
    private static final String[] VOWELS = {"a", "e", "i", "o", "u"};
    private static final String[] CODAS = {"", "n", "r", "s", "l", "t"};
    private static final int WORDS = 20_000;
    private static final int MOST_SYLLABLES = 4;
    private static final int ZIPF_OFFSET = 3;

    private static final int PROMPT = 200;
    private static final int REASONING = 4_000;
    private static final int ANSWER = 300;
    /** By which a length in characters becomes one in words at most. */
    private static final double WORD_CHARACTERS = 8.5;

    private final SplittableRandom random;
    private final List<String> words;
    private final double[] cumulative = new double[WORDS];

    /** @param seed of the words and of all texts */
    public ShardTraces(long seed) {
        this.random = new SplittableRandom(seed);
        Set<String> made = new TreeSet<>();
        while (made.size() < WORDS) {
            made.add(word());
        }
        List<String> shuffled = new ArrayList<>(made);
        Collections.shuffle(shuffled, new Random(random.nextLong()));
        this.words = List.copyOf(shuffled);
        double sum = 0;
        for (int rank = 0; rank < WORDS; rank++) {
            sum += 1.0 / (rank + ZIPF_OFFSET);
            cumulative[rank] = sum;
        }
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(1, MOST_SYLLABLES + 1); i > 0; i--) {
            word.append(any(ONSETS)).append(any(VOWELS)).append(any(CODAS));
        }
        return word.toString();
    }

    private String any(String[] parts) {
        return parts[random.nextInt(parts.length)];
    }

    private String text(int characters) {
        int most = (int) (characters / WORD_CHARACTERS);
        StringBuilder text = new StringBuilder();
        for (int left = Math.min(most, random.nextInt(most / 2, most + most / 2 + 1)); left > 0; left--) {
            text.append(text.isEmpty() ? "" : " ").append(words.get(rank()));
        }
        return text.append('.').toString();
    }

    private int rank() {
        int at = Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[WORDS - 1]);
        return Math.min(WORDS - 1, at < 0 ? -at - 1 : at);
    }

    /** So many traces, of which no two are alike. */
    public List<Trace> list(int count) {
        List<Trace> traces = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            traces.add(trace(i));
        }
        return traces;
    }

    private Trace trace(int number) {
        Prompt prompt = Prompt.of(List.of(Message.user(text(PROMPT))), null, "set" + number % 7);
        String answer = text(ANSWER);
        return new Trace(
                id(random),
                prompt.id(),
                number % 4,
                prompt.messages(),
                text(REASONING),
                answer,
                answer,
                number % 50 == 0 ? FinishReason.LENGTH : FinishReason.STOP,
                null,
                prompt.source(),
                "synthetic",
                new TreeMap<>(Map.of("temperature", "0.6", "top_p", "0.95")),
                new Usage(random.nextInt(20, 90), 0, random.nextInt(200, 3_000), 0),
                new Money(BigDecimal.valueOf(random.nextInt(1, 10_000), 6), "USD"),
                1,
                Instant.EPOCH.plusSeconds(number),
                List.of());
    }

    /** 32 hex digits, as a trace's own. */
    static String id(SplittableRandom random) {
        return HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong());
    }

    /** What a trace says, each text once: bytes in UTF-8 of the messages, the reasoning and the answer. */
    static long bytes(Trace trace) {
        long bytes = utf8(trace.answer()) + (trace.reasoning() == null ? 0 : utf8(trace.reasoning()));
        for (Message message : trace.messages()) {
            bytes += utf8(message.content());
        }
        return bytes;
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
