package dev.distill.serve;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What the server has done, in Prometheus' text format 0.0.4. Safe for several threads. */
final class Metrics {
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** Upper bounds of the histogram, in seconds. */
    private static final double[] BOUNDS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

    /** Tokens a second are those of the last so many. */
    private static final int SECONDS = 10;

    private static final double NANOS = 1e9;

    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final Map<String, Integer> rows = new ConcurrentSkipListMap<>();
    private final Map<String, Integer> held = new ConcurrentSkipListMap<>();
    private final Map<String, LongSupplier> gauges = new ConcurrentSkipListMap<>();
    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder newTokens = new LongAdder();
    private final LongAdder slow = new LongAdder();
    private final AtomicLongArray buckets = new AtomicLongArray(BOUNDS.length + 1);
    private final LongAdder firstTokenNanos = new LongAdder();
    private final AtomicLongArray second = new AtomicLongArray(SECONDS + 1); // which one each place is of
    private final AtomicLongArray inSecond = new AtomicLongArray(SECONDS + 1);

    // ---- what happens

    /** A prompt of so many tokens is read, for the first of its answers. */
    void read(int prompt) {
        promptTokens.add(prompt);
    }

    /** A request was answered to its end. */
    void answered() {
        count("answered");
    }

    /** A request was told that it gets no answer. */
    void refused(int status) {
        count("status_" + status);
    }

    /** A client has gone, or was cut off, before it had its answer. */
    void cancelled() {
        count("cancelled");
    }

    private void count(String outcome) {
        requests.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
    }

    /** A client did not read in time, and was cut off. */
    void cutOff() {
        slow.increment();
    }

    void firstToken(long nanos) {
        double seconds = nanos / NANOS;
        int bucket = 0;
        while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
            bucket++;
        }
        buckets.incrementAndGet(bucket);
        firstTokenNanos.add(nanos);
    }

    void token() {
        newTokens.increment();
        long now = now();
        int place = (int) (now % second.length());
        if (second.getAndSet(place, now) != now) {
            inSecond.set(place, 0);
        }
        inSecond.incrementAndGet(place);
    }

    /**
     * Rows of a model that are under way.
     *
     * @param waiting of these, those whose readers are behind
     */
    void rows(String model, int count, int waiting) {
        rows.put(model, count);
        held.put(model, waiting);
    }

    /** A figure that is asked for when it is to be told. */
    void gauge(String name, LongSupplier figure) {
        gauges.put(name, figure);
    }

    private static long now() {
        return System.nanoTime() / 1_000_000_000L;
    }

    // ---- what is told

    /** Requests by what became of them: {@code answered}, {@code cancelled}, {@code status_429} ... */
    Map<String, Long> requests() {
        Map<String, Long> counts = new TreeMap<>();
        requests.forEach((outcome, count) -> counts.put(outcome, count.sum()));
        return counts;
    }

    long promptTokens() {
        return promptTokens.sum();
    }

    long newTokens() {
        return newTokens.sum();
    }

    int rows() {
        return rows.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Of the last seconds that are over. */
    double tokensPerSecond() {
        long now = now();
        long tokens = 0;
        for (int i = 0; i < second.length(); i++) {
            if (second.get(i) < now && second.get(i) >= now - SECONDS) {
                tokens += inSecond.get(i);
            }
        }
        return tokens / (double) SECONDS;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        head(text, "requests_total", "counter", "Requests by what became of them.");
        requests().forEach((outcome, count) -> line(text, "requests_total", "outcome", outcome, count));
        head(text, "rows", "gauge", "Rows that are under way, by model.");
        rows.forEach((model, count) -> line(text, "rows", "model", model, count));
        head(text, "held_rows", "gauge", "Of these, rows whose readers are behind.");
        held.forEach((model, count) -> line(text, "held_rows", "model", model, count));
        gauges.forEach((name, figure) -> {
            head(text, name, "gauge", "See docs/cli.md.");
            line(text, name, figure.getAsLong());
        });
        head(text, "prompt_tokens_total", "counter", "Tokens of prompts that were begun.");
        line(text, "prompt_tokens_total", promptTokens());
        head(text, "new_tokens_total", "counter", "Tokens written.");
        line(text, "new_tokens_total", newTokens());
        head(text, "tokens_per_second", "gauge", "Tokens written a second, over the last " + SECONDS + " s.");
        line(text, "tokens_per_second", tokensPerSecond());
        head(text, "clients_cut_off_total", "counter", "Clients that did not read in time.");
        line(text, "clients_cut_off_total", slow.sum());
        head(text, "first_token_seconds", "histogram", "From a request's arrival to its first token.");
        long count = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            count += buckets.get(i);
            line(text, "first_token_seconds_bucket", "le", Double.toString(BOUNDS[i]), count);
        }
        count += buckets.get(BOUNDS.length);
        line(text, "first_token_seconds_bucket", "le", "+Inf", count);
        line(text, "first_token_seconds_sum", firstTokenNanos.sum() / NANOS);
        line(text, "first_token_seconds_count", count);
        return text.toString();
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP distill_serve_")
                .append(name)
                .append(' ')
                .append(help)
                .append('\n');
        text.append("# TYPE distill_serve_")
                .append(name)
                .append(' ')
                .append(type)
                .append('\n');
    }

    private static void line(StringBuilder text, String name, Number value) {
        text.append("distill_serve_").append(name).append(' ').append(value).append('\n');
    }

    private static void line(StringBuilder text, String name, String label, String of, Number value) {
        String escaped = of.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        text.append("distill_serve_")
                .append(name)
                .append('{')
                .append(label)
                .append("=\"")
                .append(escaped)
                .append("\"} ")
                .append(value)
                .append('\n');
    }
}
