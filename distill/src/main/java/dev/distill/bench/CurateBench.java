package dev.distill.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Correctness;
import dev.distill.data.curate.Curation;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.Decision;
import dev.distill.data.curate.Decontamination;
import dev.distill.data.curate.FilterRule;
import dev.distill.data.curate.HeldOutSet;
import dev.distill.data.curate.NearDuplicateSettings;
import dev.distill.data.curate.TraceFilter;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.work.InOrder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Times the parts of curation on traces that are in memory. */
public final class CurateBench {
    /** Fewer pairs are graded too soon to be timed. */
    public static final int MIN_PAIRS = 10_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long[] NONE = {};

    /** What can be timed. */
    public enum Part {
        /** The filters that look at one trace alone, without contamination and grading. */
        FILTERS,
        /** Exact and near duplicates. */
        DEDUP,
        /** The comparison with held-out sets. */
        DECONTAMINATION,
        /** References with answers. */
        GRADING,
        /** A whole curation. */
        ALL
    }

    /** What made-up traces are about. */
    public enum Text {
        /** Sums, in plain English. */
        PLAIN,
        /** Competition mathematics, with formulas in LaTeX. */
        MATHS
    }

    /** An answer to grade. */
    public record Pair(String reference, String answer) {}

    /**
     * What is timed.
     *
     * @param near what counts as nearly repeating
     * @param threads that work at a time
     * @param warmUps times before that do not count
     * @param repeats times that count
     */
    public record Settings(NearDuplicateSettings near, int threads, int warmUps, int repeats) {}

    /**
     * What one part did.
     *
     * @param rows traces, or pairs that were graded
     * @param bytes of their texts, as UTF-8
     * @param seconds of the times that count
     * @param dropped how many rows it would drop, or found wrong
     * @param kept ids of the rows that it keeps, where it is told so
     * @param each seconds of each filter by its name, all threads together, and of reading the words for them; empty where no
     *     filter was timed alone
     */
    public record Result(
            int rows, long bytes, Spread seconds, long dropped, List<String> kept, Map<String, Double> each) {
        public double rowsPerSecond() {
            return rows / seconds.median();
        }

        public double megabytesPerSecond() {
            return bytes / 1e6 / seconds.median();
        }

        /** Megabytes that a thread does in a second of each filter. */
        public double megabytesPerSecond(String filter) {
            return bytes / 1e6 / each.getOrDefault(filter, Double.NaN);
        }
    }

    /**
     * One time.
     *
     * @param nanos of reading and of each filter; empty where none is timed alone
     */
    private record Once(long dropped, List<String> kept, long[] nanos) {}

    /** One time of a part. */
    @FunctionalInterface
    private interface Run {
        Once once() throws IOException;
    }

    private final List<Trace> traces;
    private final List<Pair> pairs;
    private final List<HeldOutSet> heldOut;
    private final Settings settings;
    private final Path scratch;

    /**
     * Prepares.
     *
     * @param pairs to grade, again and again where there are fewer than {@link #MIN_PAIRS}; the traces' own references and
     *     answers where it is empty
     * @param scratch an existing folder for files that go at the end
     */
    public CurateBench(
            List<Trace> traces, List<Pair> pairs, List<HeldOutSet> heldOut, Settings settings, Path scratch) {
        this.traces = List.copyOf(traces);
        this.pairs = enough(pairs.isEmpty() ? pairsOf(traces) : pairs);
        this.heldOut = List.copyOf(heldOut);
        this.settings = settings;
        this.scratch = scratch;
    }

    private static List<Pair> enough(List<Pair> pairs) {
        List<Pair> enough = new ArrayList<>(pairs);
        while (!pairs.isEmpty() && enough.size() < MIN_PAIRS) {
            enough.addAll(pairs);
        }
        return List.copyOf(enough);
    }

    private static List<Pair> pairsOf(List<Trace> traces) {
        return traces.stream()
                .filter(trace -> trace.reference() != null)
                .map(trace -> new Pair(String.valueOf(trace.reference()), trace.answer()))
                .toList();
    }

    /** Made-up traces of about 4 kB, a tenth of which nearly repeats others. */
    public static List<Trace> synthetic(int rows, Text text, long seed) {
        return SyntheticTraces.of(rows, text, seed);
    }

    /**
     * Traces of a folder of shards, or of JSON lines with {@code id} and {@code text}.
     *
     * @param rows at most so many
     * @param again whether they follow again and again up to that number
     */
    public static List<Trace> read(Path input, int rows, boolean again) throws IOException {
        List<Trace> traces = read(input, rows);
        int read = traces.size();
        for (int i = 0; again && read > 0 && traces.size() < rows; i++) {
            traces.add(traces.get(i)); // behind the last one read stand the first ones again
        }
        return traces;
    }

    private static List<Trace> read(Path input, int rows) throws IOException {
        List<Trace> traces = new ArrayList<>();
        if (Files.isDirectory(input) || input.toString().endsWith(".parquet")) {
            try (TraceReader reader = TraceReader.openWithoutManifest(input)) {
                while (reader.hasNext() && traces.size() < rows) {
                    traces.add(reader.next());
                }
            }
            return traces;
        }
        try (BufferedReader lines = Files.newBufferedReader(input)) {
            for (String line = lines.readLine(); line != null && traces.size() < rows; line = lines.readLine()) {
                JsonNode row = JSON.readTree(line);
                if (!row.path("text").isTextual()) {
                    throw new IllegalArgumentException("bench curate: each line of " + input
                            + " must be an object with a \"text\"; line " + (traces.size() + 1) + " has none");
                }
                traces.add(SyntheticTraces.ofText(
                        row.path("id").asText(), row.path("text").asText()));
            }
        }
        return traces;
    }

    /** Pairs to grade from JSON: a list, or lines, of objects with {@code gold} and {@code pred}; others are passed over. */
    public static List<Pair> pairs(Path file) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        try (var rows = JSON.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            while (rows.hasNext()) {
                JsonNode row = rows.next();
                if (row.has("gold") && row.has("pred")) {
                    pairs.add(
                            new Pair(row.path("gold").asText(), row.path("pred").asText()));
                }
            }
        }
        return pairs;
    }

    /**
     * Times a part.
     *
     * @param stop asked before each time; fewer then count, one at least
     * @param done hears of each time
     */
    public Result time(Part part, BooleanSupplier stop, Consumer<Part> done) throws IOException {
        FilterTimes times = new FilterTimes(filters(part));
        Run run = run(part, times);
        List<Double> seconds = new ArrayList<>();
        Once last = null;
        for (int i = 0; last == null || (i < settings.warmUps() + settings.repeats() && !stop.getAsBoolean()); i++) {
            long begin = System.nanoTime();
            last = run.once();
            double took = (System.nanoTime() - begin) / 1e9;
            done.accept(part);
            if (i >= settings.warmUps() || stop.getAsBoolean()) {
                seconds.add(took);
                times.counted(last.nanos());
            }
        }
        int rows = part == Part.GRADING ? pairs.size() : traces.size();
        return new Result(rows, bytes(part), Spread.of(seconds), last.dropped(), last.kept(), times.medians());
    }

    private CurationSettings standard() {
        return CurationSettings.standard(new MathVerifier(), heldOut).withThreads(settings.threads());
    }

    /** The filters that a part times one by one. */
    private List<TraceFilter> filters(Part part) {
        Predicate<TraceFilter> timed = switch (part) {
            case FILTERS -> filter -> !(filter instanceof Decontamination || filter instanceof Correctness);
            case DECONTAMINATION -> Decontamination.class::isInstance;
            case DEDUP, GRADING, ALL -> _ -> false;
        };
        return standard().filters().stream()
                .map(FilterRule::filter)
                .filter(timed)
                .toList();
    }

    private Run run(Part part, FilterTimes times) {
        return switch (part) {
            case FILTERS, DECONTAMINATION -> checking(times);
            case DEDUP ->
                curating(CurationSettings.NONE
                        .withDuplicates(true, settings.near())
                        .withThreads(settings.threads()));
            case ALL -> curating(standard().withDuplicates(true, settings.near()));
            case GRADING -> grading(new MathVerifier());
        };
    }

    private Run checking(FilterTimes times) {
        return () -> {
            long[] dropped = {0};
            long[] nanos = new long[times.size()];
            new InOrder(settings.threads()).run(traces.iterator(), times::check, checked -> {
                dropped[0] += checked.failed() ? 1 : 0;
                for (int i = 0; i < nanos.length; i++) {
                    nanos[i] += checked.nanos()[i];
                }
            });
            return new Once(dropped[0], List.of(), nanos);
        };
    }

    private Run grading(MathVerifier verifier) {
        return () -> {
            long[] wrong = {0};
            new InOrder(settings.threads())
                    .run(pairs.iterator(), pair -> verifier.verify(pair.reference(), pair.answer()), verdict -> {
                        wrong[0] += verdict.outcome() == Verdict.Outcome.PASS ? 0 : 1;
                    });
            return new Once(wrong[0], List.of(), NONE);
        };
    }

    private Run curating(CurationSettings curation) {
        return () -> {
            List<String> kept = new ArrayList<>();
            Curation.run(curation, traces::stream, scratch, decision -> {
                if (decision instanceof Decision.Kept) {
                    kept.add(decision.trace().id());
                }
            });
            return new Once(traces.size() - kept.size(), kept, NONE);
        };
    }

    private long bytes(Part part) {
        long bytes = 0;
        if (part == Part.GRADING) {
            for (Pair pair : pairs) {
                bytes += length(pair.reference()) + length(pair.answer());
            }
            return bytes;
        }
        for (Trace trace : traces) {
            bytes += length(trace.question()) + length(trace.answer());
            bytes += trace.reasoning() == null ? 0 : length(trace.reasoning());
        }
        return bytes;
    }

    private static long length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
