package dev.distill.data.curate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How many megabytes a second each filter looks at, on one thread, over ordinary traces: DeepSeek-R1's own, and solutions of
 * GSM8K and MATH-500 put together to 5,000 characters. Run with the conformance folder as the argument; the figures are in
 * docs/log.md.
 */
final class FilterRates {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SEED = 20261130;
    private static final int CHARACTERS = 5_000;
    private static final int TRACES = 400;
    private static final double SECONDS = 0.7;

    /** All that look at a text alone. */
    static final List<TraceFilter> FILTERS = List.of(
            new Finished(),
            NonEmpty.STANDARD,
            new Complete(),
            LengthOutlier.STANDARD,
            new NoSecrets(),
            new NoRefusal(),
            NoBoilerplate.STANDARD,
            new NoIdentityLeak(),
            Readability.STANDARD,
            Repetition.STANDARD,
            LanguageConsistency.STANDARD,
            new NoCodeBlocks());

    private FilterRates() {}

    public static void main(String[] args) throws IOException {
        List<Trace> traces = traces(Path.of(args[0]));
        double megabytes = traces.stream().mapToLong(FilterRates::bytes).sum() / 1e6;
        List<TraceFilter> filters = new ArrayList<>(FILTERS);
        filters.removeIf(filter -> args.length > 1 && !filter.name().equals(args[1]));
        double sum = 0;
        for (TraceFilter filter : filters) {
            for (int warm = 0; warm < 3; warm++) {
                seconds(filter, traces);
            }
            double seconds = seconds(filter, traces);
            sum += seconds;
            System.out.printf("%-20s %8.1f MB/s%n", filter.name(), megabytes / seconds);
        }
        System.out.printf("%-20s %8.1f MB/s of %.1f MB%n", "together", megabytes / sum, megabytes);
    }

    /** The time of one round over all traces: the mean of as many as fit. */
    private static double seconds(TraceFilter filter, List<Trace> traces) {
        long start = System.nanoTime();
        int rounds = 0;
        do {
            traces.forEach(filter::check);
            rounds++;
        } while (System.nanoTime() - start < SECONDS * 1e9);
        return (System.nanoTime() - start) / 1e9 / rounds;
    }

    private static long bytes(Trace trace) {
        String reasoning = trace.reasoning() == null ? "" : trace.reasoning();
        return (long) trace.question().length()
                + reasoning.length()
                + trace.answer().length();
    }

    private static List<Trace> traces(Path folder) throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (String name : List.of("ollama", "openrouter")) {
            Path file = folder.resolve("reasoning_traces/rasbt_sample_" + name + "_outputs.json");
            for (JsonNode record : JSON.readTree(file.toFile())) {
                traces.add(Traces.trace(
                        record.get("problem").asText(),
                        record.get("message_thinking").asText(),
                        record.get("message_content").asText(),
                        record.get("gtruth_answer").asText()));
            }
        }
        List<String[]> solved = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("benchmarks/gsm8k_test.jsonl"))) {
            solved.add(new String[] {
                JSON.readTree(line).get("question").asText(),
                JSON.readTree(line).get("answer").asText()
            });
        }
        for (String line : Files.readAllLines(folder.resolve("benchmarks/math500.jsonl"))) {
            solved.add(new String[] {
                JSON.readTree(line).get("problem").asText(),
                JSON.readTree(line).get("solution").asText()
            });
        }
        Random random = new Random(SEED);
        while (traces.size() < TRACES) {
            StringBuilder reasoning = new StringBuilder();
            while (reasoning.length() < CHARACTERS) {
                reasoning.append(solved.get(random.nextInt(solved.size()))[1]).append("\n\n");
            }
            String[] last = solved.get(random.nextInt(solved.size()));
            traces.add(Traces.trace(last[0], reasoning.toString(), last[1], null));
        }
        return traces;
    }
}
