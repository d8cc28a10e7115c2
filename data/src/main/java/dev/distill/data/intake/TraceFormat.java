package dev.distill.data.intake;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which columns a data set of traces has. Where nobody says it, it is told from the names of the columns, the first that fits: those with columns of their own
 * before conversations, and conversations before pairs.
 */
public enum TraceFormat {
    /** OpenR1-Math-220k: {@code problem}, {@code generations} and what was found out about each of them. */
    OPENR1_MATH(
            names -> names.contains("problem") && names.contains("generations"),
            Set.of("messages"),
            null,
            new OpenR1Rows()),
    /** s1K: {@code question}, {@code thinking_trajectories}, {@code attempt}. s1K-1.1: the same of two teachers. */
    S1K(names -> names.contains("question") && S1kRows.teaches(names), Set.of(), null, new S1kRows()),
    /** OpenThoughts-114k, configuration {@code metadata}; its other one is {@link #SHAREGPT}. */
    OPENTHOUGHTS(
            names -> names.contains("problem") && names.contains("deepseek_solution"),
            Set.of(),
            "DeepSeek-R1",
            new OpenThoughtsRows()),
    /** {@code conversations}: a list of {@code from} and {@code value}, with or without {@code system}. Light-R1, OpenThoughts, Bespoke-Stratos. */
    SHAREGPT(
            names -> names.contains("conversations") || names.contains("conversation"),
            Set.of("messages"),
            null,
            new TurnRows("conversations", "conversation")),
    /** {@code problem}, {@code solution}, perhaps {@code answer}: worked by people or nobody knows whom, no reasoning apart. */
    NUMINA_MATH(
            names -> names.contains("problem") && names.contains("solution"),
            Set.of("messages"),
            null,
            new NuminaRows()),
    /** {@code messages}: a list of {@code role} and {@code content}. AM-DeepSeek-R1-Distilled, Mixture-of-Thoughts, TRL. */
    MESSAGES(names -> names.contains("messages"), Set.of(), null, new TurnRows("messages")),
    /** {@code instruction}, {@code input}, {@code output}, with or without {@code system} and {@code history}. */
    ALPACA(names -> names.contains("instruction") && names.contains("output"), Set.of(), null, new AlpacaRows()),
    /** Two texts under one of the usual pairs of names, or two conversations (TRL). */
    PROMPT_COMPLETION(PairRows::pairs, Set.of(), null, new PairRows()),
    /** Columns that the user names. */
    COLUMNS(_ -> false, Set.of(), null, new NamedRows());

    private final Predicate<Set<String>> fits;
    private final Set<String> repeated;
    private final @Nullable String teacher;
    private final TraceRows rows;

    /**
     * A format.
     *
     * @param repeated columns that say again what others say: they need not be read
     * @param teacher that the names of the columns tell
     */
    TraceFormat(Predicate<Set<String>> fits, Set<String> repeated, @Nullable String teacher, TraceRows rows) {
        this.fits = fits;
        this.repeated = repeated;
        this.teacher = teacher;
        this.rows = rows;
    }

    /** As users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All words, for messages and help. */
    public static String words() {
        return Arrays.stream(values()).map(TraceFormat::word).collect(Collectors.joining(", "));
    }

    /** The format with this word. */
    public static TraceFormat of(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(word))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("--format must be one of " + words() + "; got " + word));
    }

    /** What the columns are, by their names. */
    static Optional<TraceFormat> of(Set<String> columns) {
        return List.of(values()).stream()
                .filter(format -> format.fits.test(columns))
                .findFirst();
    }

    boolean needs(String column) {
        return !repeated.contains(column);
    }

    Optional<String> teacher() {
        return Optional.ofNullable(teacher);
    }

    TraceRows rows() {
        return rows;
    }
}
