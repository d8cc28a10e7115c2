package dev.distill.data.query;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The columns of traces, by the names that they have in shards; and {@code question}, the last message. */
final class TraceNames {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** What can be asked of texts. */
    static final Map<String, Function<Term, Term>> FUNCTIONS = Map.of(
            "length",
                    term -> term.textTo(
                            Term.Kind.NUMBER, text -> BigDecimal.valueOf(text.codePointCount(0, text.length()))),
            "lower", term -> term.textTo(Term.Kind.TEXT, text -> text.toLowerCase(Locale.ROOT)),
            "upper", term -> term.textTo(Term.Kind.TEXT, text -> text.toUpperCase(Locale.ROOT)),
            "number", term -> term.textTo(Term.Kind.NUMBER, TraceNames::number));

    private static final SequencedMap<String, Term> COLUMNS = new LinkedHashMap<>();

    /** Columns whose names the traces themselves bring. */
    private static final SequencedMap<String, BiFunction<Trace, String, @Nullable String>> GROUPS =
            new LinkedHashMap<>();

    static {
        text("id", Trace::id);
        text("prompt_id", Trace::promptId);
        whole("sample", Trace::sample);
        text("question", Trace::question);
        text("reasoning", Trace::reasoning);
        text("answer", Trace::answer);
        text("raw_reply", Trace::rawReply);
        text("finish", trace -> trace.finish().word());
        text("finish_reason", trace -> trace.finish().word());
        text("reference", Trace::reference);
        text("source", Trace::source);
        text("domain", Trace::domain);
        text("licence", Trace::licence);
        text("teacher", Trace::teacher);
        whole("attempts", Trace::attempts);
        text("completed_at", trace -> TIME.format(trace.completedAt()));
        whole("usage.prompt_tokens", trace -> trace.usage().promptTokens());
        whole("usage.cache_hit_tokens", trace -> trace.usage().cacheHitTokens());
        whole("usage.completion_tokens", trace -> trace.usage().completionTokens());
        whole("usage.reasoning_tokens", trace -> trace.usage().reasoningTokens());
        COLUMNS.put("cost.amount", Term.number(trace -> trace.cost().amount()));
        text("cost.currency", trace -> trace.cost().currency());
        GROUPS.put("parameters", (trace, name) -> trace.parameters().get(name));
        GROUPS.put("extra", (trace, name) -> trace.extra().get(name));
        GROUPS.put(
                "verdicts",
                (trace, by) -> last(trace, by, verdict -> verdict.outcome().word()));
        GROUPS.put("reasons", (trace, by) -> last(trace, by, Verdict::reason));
    }

    private TraceNames() {}

    private static void text(String name, Function<Trace, @Nullable String> text) {
        COLUMNS.put(name, Term.text(text));
    }

    private static void whole(String name, ToLongFunction<Trace> number) {
        COLUMNS.put(name, Term.number(trace -> BigDecimal.valueOf(number.applyAsLong(trace))));
    }

    private static @Nullable String last(Trace trace, String by, Function<Verdict, String> what) {
        return trace.verdicts().stream()
                .filter(verdict -> verdict.by().equals(by))
                .reduce((earlier, later) -> later)
                .map(what)
                .orElse(null);
    }

    /**
     * The column of this name.
     *
     * @param field behind a point; null where there is none
     * @return null for none
     */
    static @Nullable Term find(String name, @Nullable String field) {
        BiFunction<Trace, String, @Nullable String> group = GROUPS.get(name);
        if (group != null && field != null) {
            return Term.text(trace -> group.apply(trace, field));
        }
        return COLUMNS.get(field == null ? name : name + "." + field);
    }

    /** All of them, for a message. */
    static String all() {
        return String.join(", ", COLUMNS.keySet()) + ", " + String.join(".NAME, ", GROUPS.keySet()) + ".NAME";
    }

    /** Numbers as they stand in texts; null for all else. */
    static @Nullable BigDecimal number(String text) {
        String bare = text.strip();
        return bare.matches("[+-]?[0-9]{1,30}(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?") ? new BigDecimal(bare) : null;
    }
}
