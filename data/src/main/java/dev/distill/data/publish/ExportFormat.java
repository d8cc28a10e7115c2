package dev.distill.data.publish;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is written. */
public enum ExportFormat {
    /** JSON lines with {@code messages}: what TRL and most trainers read. */
    MESSAGES(false),
    /** JSON lines with {@code conversations} of {@code from} and {@code value}. */
    SHAREGPT(false),
    /** JSON lines with {@code instruction}, {@code input}, {@code output}, {@code system} and {@code history}. */
    ALPACA(false),
    /** JSON lines with {@code prompt} and {@code completion}: texts, or lists of messages where one conversation is more than a question. */
    PROMPT_COMPLETION(false),
    /** Parquet with the columns of {@link #MESSAGES}, named as the hub names the files of a split. */
    HF(true),
    /** Parquet with the columns of OpenR1-Math-220k, a row for each question. */
    OPENR1_MATH(true);

    private final boolean parquet;

    ExportFormat(boolean parquet) {
        this.parquet = parquet;
    }

    boolean isParquet() {
        return parquet;
    }

    /** As users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All words, for messages and help. */
    public static String words() {
        return Arrays.stream(values()).map(ExportFormat::word).collect(Collectors.joining(", "));
    }

    /** The format with this word. */
    public static ExportFormat of(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--as must be one of " + words() + "; got " + word));
    }
}
