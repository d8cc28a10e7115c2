package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.journal.TextFile;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.trace.Trace;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Other people's data sets of traces to a folder of traces. Rows are read and written one after the other; memory holds one, a row group, and some 60 bytes for
 * each prompt. The same files with the same settings make the same traces.
 */
public final class TraceImport {
    /** Rows that could not be read, one a line: {@code file}, {@code row} and {@code problem}. */
    public static final String SKIPPED = "skipped.jsonl";

    private static final String STAGE = "import";

    /** Columns that only shards of traces have. */
    private static final List<String> OWN =
            List.of("raw_reply", "prompt_id", "attempts", "completed_at", "usage", "cost");

    private static final int SHOWN = 20;
    private static final String FORMAT_COUNT = "files_";

    private final ImportSettings settings;
    private final TraceMaker maker;
    private final LongConsumer progress;
    private final List<String> examples = new ArrayList<>();
    private long rows;
    private long skipped;

    private TraceImport(ImportSettings settings, LongConsumer progress) {
        this.settings = settings;
        this.maker = new TraceMaker(settings);
        this.progress = progress;
    }

    /**
     * Imports files into one folder.
     *
     * @param to new, or left unfinished by an import; one that holds this import already is left as it is
     * @param createdBy program, for the manifest
     * @param progress hears how many rows have been read
     * @throws IntakeException at the first row that cannot be read, unless such rows are skipped
     * @throws IllegalArgumentException if {@code to} holds something else
     */
    public static ImportReport run(
            List<ImportSource> sources, ImportSettings settings, Path to, String createdBy, LongConsumer progress)
            throws IOException {
        Manifest plan = Manifest.begin(STAGE, createdBy).withSettings(settings.asText());
        for (ImportSource source : sources) {
            plan = plan.withInput(FileEntry.of(source.file().toString(), source.file()))
                    .withSettings(licence(source));
        }
        for (ImportSource source : sources) {
            refuseOwn(source.file());
            refuseTable(source.file());
        }
        Optional<Manifest> done = done(to, plan);
        return done.isPresent()
                ? report(done.get(), List.of(), true)
                : new TraceImport(settings, progress).run(sources, to, plan);
    }

    /** Ids, costs and attempts of traces that are Distill's own would be lost. */
    private static void refuseOwn(Path file) throws IOException {
        if (!String.valueOf(file.getFileName()).endsWith(".parquet")) {
            return;
        }
        try (Rows in = Rows.open(file, _ -> true)) {
            if (in.columns().orElse(List.of()).containsAll(OWN)) {
                Path folder = file.toAbsolutePath().normalize().getParent();
                throw new IllegalArgumentException("import " + file
                        + ": holds traces of Distill, which need no import and would lose their ids and costs by it; name their folder itself where traces are read: harvest.traces: ["
                        + folder + "] in a recipe, or traces export, or inspect");
            }
        }
    }

    private static void refuseTable(Path file) {
        String name = String.valueOf(file.getFileName());
        if (name.matches("(?i).+\\.[ct]sv(\\.gz|\\.zst)?")) {
            throw new IllegalArgumentException("import " + file
                    + ": tables of comma- or tab-separated values are not read; convert it to JSON lines, as with python -c \"import pandas; pandas.read_csv('"
                    + name + "').to_json('" + name.replaceFirst("\\..*", "")
                    + ".jsonl', orient='records', lines=True)\"");
        }
    }

    private static Map<String, String> licence(ImportSource source) {
        String licence = source.licence();
        return licence == null ? Map.of() : Map.of("import.licence-of-card." + source.name(), licence);
    }

    /** Whether the folder holds just this; an error if it holds something else. */
    private static Optional<Manifest> done(Path to, Manifest plan) throws IOException {
        if (Manifest.isIn(to)) {
            Manifest found = Manifest.read(to);
            boolean same = found.stage().equals(STAGE)
                    && found.settings().equals(plan.settings())
                    && hashes(found).equals(hashes(plan));
            if (same) {
                return Optional.of(found);
            }
            throw new IllegalArgumentException("import " + to + ": holds other traces already (stage " + found.stage()
                    + "); give another folder, or delete this one");
        }
        if (Files.isDirectory(to)) {
            try (Stream<Path> files = Files.list(to)) {
                Optional<Path> foreign = files.filter(file -> !String.valueOf(file.getFileName())
                                .matches("\\.?traces-\\d{5}\\.parquet(\\.tmp)?|" + SKIPPED + "|\\.?README.md(\\.tmp)?"))
                        .sorted()
                        .findFirst();
                if (foreign.isPresent()) {
                    throw new IllegalArgumentException("import " + to + ": holds other files, among them "
                            + foreign.get().getFileName() + "; give a new folder");
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> hashes(Manifest manifest) {
        return manifest.inputs().stream().map(FileEntry::sha256).toList();
    }

    private ImportReport run(List<ImportSource> sources, Path to, Manifest plan) throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        boolean fresh = !Files.exists(to);
        Files.createDirectories(to);
        try {
            return write(sources, to, plan, counts);
        } catch (IOException | RuntimeException e) {
            if (skipped == 0) { // a list of nothing
                Files.deleteIfExists(to.resolve(SKIPPED));
            }
            if (fresh && isEmpty(to)) {
                Files.delete(to);
            }
            throw e;
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private ImportReport write(List<ImportSource> sources, Path to, Manifest plan, Map<String, Long> counts)
            throws IOException {
        try (TraceWriter out = TraceWriter.replace(to);
                BufferedWriter list = TextFile.writer(to.resolve(SKIPPED))) {
            for (ImportSource source : sources) {
                TraceFormat format = take(source, out, list);
                counts.merge(FORMAT_COUNT + format.word(), 1L, Long::sum);
            }
            list.close();
            if (out.rows() == 0) {
                throw new IllegalArgumentException("import: no trace in " + rows + " rows, " + skipped
                        + " of which cannot be read" + (examples.isEmpty() ? "" : ", the first: " + examples.getFirst())
                        + "; is this the right file?");
            }
            if (skipped == 0) {
                Files.delete(to.resolve(SKIPPED));
            }
            counts.put("rows", rows);
            counts.put("skipped_rows", skipped);
            return report(out.finish(plan.withCounts(counts), card(sources)), examples, false);
        }
    }

    private DatasetCard card(List<ImportSource> sources) {
        Set<String> licences = new LinkedHashSet<>();
        Set<String> names = new LinkedHashSet<>();
        for (ImportSource source : sources) {
            names.add(source.name());
            String licence = settings.licence() != null ? settings.licence() : source.licence();
            licences.add(licence == null ? "other" : licence);
        }
        return new DatasetCard(
                "Traces of " + String.join(", ", names),
                licences.size() == 1 ? licences.iterator().next() : "other",
                "Imported, not bought and not curated; their licence is that of the data set: "
                        + String.join(", ", licences) + ".");
    }

    /** One file. Its format is told from its first row, or its columns. */
    private TraceFormat take(ImportSource source, TraceWriter out, BufferedWriter list) throws IOException {
        TraceFormat format = settings.format() != null ? settings.format() : detect(source.file());
        try (Rows in = Rows.open(source.file(), format::needs)) {
            for (Rows.Row row = in.next(); row != null; row = in.next()) {
                rows++;
                take(row, format, source, out, in.unit(), list);
                progress.accept(rows);
            }
        }
        return format;
    }

    private void take(
            Rows.Row row, TraceFormat format, ImportSource source, TraceWriter out, String unit, BufferedWriter list)
            throws IOException {
        List<Trace> traces = new ArrayList<>();
        try {
            JsonNode node = node(row);
            Columns columns = new Columns(node);
            for (Said said : format.rows().read(columns, settings)) {
                traces.add(maker.trace(said, columns, format, source));
            }
        } catch (IllegalArgumentException e) {
            bad(source.file(), unit, row.number(), String.valueOf(e.getMessage()), list);
            return;
        }
        for (Trace trace : traces) {
            out.write(trace);
        }
    }

    private static JsonNode node(Rows.Row row) {
        return switch (row) {
            case Rows.Read(long _, JsonNode node) -> node;
            case Rows.Unreadable(long _, String problem) -> throw new IllegalArgumentException(problem);
        };
    }

    private void bad(Path file, String unit, long number, String problem, BufferedWriter list) throws IOException {
        if (!settings.skipBad()) {
            throw new IntakeException(
                    file,
                    unit,
                    new IntakeException.Problem(
                            number, problem + "; correct it, or leave such rows out with --skip-bad"));
        }
        skipped++;
        if (examples.size() < SHOWN) {
            examples.add(file + ": " + unit + " " + number + ": " + problem);
        }
        list.write(RowJson.READER
                .createObjectNode()
                .put("file", file.toString())
                .put("row", number)
                .put("problem", problem)
                .toString());
        list.newLine();
    }

    private static TraceFormat detect(Path file) throws IOException {
        try (Rows in = Rows.open(file, _ -> true)) {
            Set<String> names = new LinkedHashSet<>(in.columns().orElse(List.of()));
            Rows.Row row = names.isEmpty() ? in.next() : null;
            while (row instanceof Rows.Unreadable) {
                row = in.next();
            }
            if (row instanceof Rows.Read(long _, JsonNode node)) {
                node.fieldNames().forEachRemaining(names::add);
            }
            if (names.isEmpty()) {
                throw new IllegalArgumentException("import " + file
                        + ": has no row that can be read; is it the whole file? fetch it or copy it again");
            }
            return TraceFormat.of(names)
                    .orElseThrow(() -> new IllegalArgumentException("import " + file + ": columns "
                            + String.join(", ", names)
                            + " are of no format that is known; say which it is with --format (" + TraceFormat.words()
                            + "), or which column holds what with --column question=NAME --column answer=NAME"));
        }
    }

    private static ImportReport report(Manifest manifest, List<String> examples, boolean repeated) {
        Map<String, Long> counts = manifest.counts();
        return new ImportReport(
                manifest,
                counts.keySet().stream()
                        .filter(name -> name.startsWith(FORMAT_COUNT))
                        .map(name -> name.substring(FORMAT_COUNT.length()))
                        .toList(),
                counts.getOrDefault("rows", 0L),
                counts.getOrDefault("traces", 0L),
                counts.getOrDefault("skipped_rows", 0L),
                examples,
                repeated);
    }
}
