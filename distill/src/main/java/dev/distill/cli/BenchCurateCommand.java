package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.bench.CurateBench;
import dev.distill.data.curate.HeldOutSet;
import dev.distill.data.curate.NearDuplicateSettings;
import dev.distill.data.intake.HeldOutFile;
import dev.distill.data.trace.Trace;
import dev.distill.pipeline.Stop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill bench curate}: how fast traces are curated here, in all and part by part. */
@Command(
        name = "curate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Times curation on traces in memory, made up or read, part by part. Medians over the repeats.",
        footer = {
            "",
            "Example:",
            "  distill bench curate --rows 10000 --parts decontamination,all --held-out benchmarks/gsm8k_test.jsonl"
        })
final class BenchCurateCommand implements Callable<Integer>, Checked {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    RepeatOptions repeat = new RepeatOptions(1);

    @Option(
            names = "--parts",
            split = ",",
            paramLabel = "PART",
            defaultValue = "filters,dedup,decontamination,grading,all",
            description = "Which to time, with commas, the last for the rates of the whole (${DEFAULT-VALUE}).")
    List<CurateBench.Part> parts = List.of();

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Traces to make up, of about 4 kB; or the most to read (${DEFAULT-VALUE}).")
    int rows = 5_000; // here, for picocli sets no defaults where it could not read another option

    @Option(
            names = "--text",
            paramLabel = "KIND",
            defaultValue = "plain",
            description = "What made-up traces are: plain, or maths with LaTeX (${DEFAULT-VALUE}).")
    CurateBench.Text text = CurateBench.Text.PLAIN;

    @Option(
            names = "--input",
            paramLabel = "PATH",
            description = "A folder of shards, or JSON lines with an id and a text, in place of made-up traces.")
    @Nullable
    Path input;

    @Option(names = "--again", description = "Goes through what is read again and again, up to --rows traces.")
    boolean again;

    @Option(
            names = "--held-out",
            paramLabel = "FILE",
            description = "Questions to compare with, as in curate.held-out; may be repeated.")
    List<Path> heldOut = new ArrayList<>();

    @Option(
            names = "--pairs",
            paramLabel = "FILE",
            description = "Answers to grade, JSON with gold and pred, in place of the traces' own.")
    @Nullable
    Path pairs;

    @Option(
            names = "--shingle-words",
            paramLabel = "N",
            description = "Near duplicates: words of a shingle (as curate has it).")
    @Nullable
    Integer shingleWords;

    @Option(names = "--bands", paramLabel = "N", description = "Bands of a signature, with --band-rows.")
    @Nullable
    Integer bands;

    @Option(names = "--band-rows", paramLabel = "N", description = "Values of a band, with --bands.")
    @Nullable
    Integer bandRows;

    @Option(
            names = "--similarity",
            paramLabel = "S",
            description = "Near duplicates are from here on (${DEFAULT-VALUE}).")
    double similarity = NearDuplicateSettings.STANDARD.threshold();

    @Option(names = "--kept", paramLabel = "FILE", description = "Writes the ids that the last part keeps, one a line.")
    @Nullable
    Path kept;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads that work; 0 for one for each processor (${DEFAULT-VALUE}).")
    int threads;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Of made-up traces (${DEFAULT-VALUE}).")
    long seed;

    @Override
    public void check(Problems problems) {
        repeat.check(problems);
        problems.least("--rows", rows, 1).least("--threads", threads, 0).refused(this::near);
        if ((bands == null) != (bandRows == null)) {
            problems.add("--bands and --band-rows go together; got one of them");
        }
        if (again && input == null) {
            problems.add("--again needs --input, which it goes through; made-up traces are as many as --rows says");
        }
        List<Path> files = new ArrayList<>(heldOut);
        files.addAll(input == null ? List.of() : List.of(input));
        files.addAll(pairs == null ? List.of() : List.of(pairs));
        files.stream().filter(file -> !Files.exists(file)).forEach(file -> problems.add("no such file: " + file));
    }

    private NearDuplicateSettings near() {
        NearDuplicateSettings standard = NearDuplicateSettings.STANDARD;
        int words = shingleWords == null ? standard.words() : shingleWords;
        return bands == null || bandRows == null
                ? new NearDuplicateSettings(words, standard.permutations(), similarity, standard.maxShingles())
                : NearDuplicateSettings.banded(words, bands, bandRows, similarity);
    }

    @Override
    public Integer call() throws Exception {
        return repeat.tell(this::measure);
    }

    private ObjectNode measure(Console console, Stop stop) throws IOException {
        int working = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        List<Trace> traces =
                input == null ? CurateBench.synthetic(rows, text, seed) : CurateBench.read(input, rows, again);
        Path scratch = Files.createTempDirectory("distill-bench");
        try (Progress progress = console.progress("bench curate", (long) parts.size() * repeat.times())) {
            CurateBench bench = new CurateBench(
                    traces,
                    pairs == null ? List.of() : CurateBench.pairs(pairs),
                    sets(),
                    new CurateBench.Settings(near(), working, repeat.warmUps, repeat.repeats),
                    scratch);
            long[] done = {0};
            Map<CurateBench.Part, CurateBench.Result> results = new EnumMap<>(CurateBench.Part.class);
            CurateBench.Result last = null;
            for (CurateBench.Part part : parts) {
                if (last == null || !stop.getAsBoolean()) {
                    last = bench.time(part, stop, _ -> progress.update(++done[0]));
                    results.put(part, last);
                }
            }
            if (kept != null && last != null) {
                Files.write(kept, last.kept());
            }
            return report(traces.size(), working, results, last);
        } finally {
            Files.delete(scratch);
        }
    }

    private List<HeldOutSet> sets() throws IOException {
        List<HeldOutSet> sets = new ArrayList<>();
        for (Path file : heldOut) {
            sets.add(HeldOutFile.read(file, String.valueOf(file.getFileName()), null));
        }
        return sets;
    }

    /** The last part's rates stand for the whole: without a choice of one's own that is {@code all}. */
    private static ObjectNode report(
            int rows,
            int threads,
            Map<CurateBench.Part, CurateBench.Result> results,
            CurateBench.@Nullable Result last) {
        ObjectNode report = JSON.createObjectNode().put("rows", rows).put("threads", threads);
        if (last != null) {
            report.put("mb_per_s", last.megabytesPerSecond()).put("rows_per_s", last.rowsPerSecond());
        }
        ObjectNode parts = report.putObject("parts");
        results.forEach((part, result) -> put(parts.putObject(part.name().toLowerCase(Locale.ROOT)), result));
        return report;
    }

    private static void put(ObjectNode part, CurateBench.Result result) {
        part.put("rows", result.rows())
                .put("mb", result.bytes() / 1e6)
                .put("mb_per_s", result.megabytesPerSecond())
                .put("rows_per_s", result.rowsPerSecond())
                .put("seconds_min", result.seconds().min())
                .put("seconds_max", result.seconds().max())
                .put("dropped", result.dropped());
        if (!result.each().isEmpty()) {
            ObjectNode each = part.putObject("each_mb_per_s");
            result.each().keySet().forEach(filter -> each.put(filter, result.megabytesPerSecond(filter)));
        }
    }
}
