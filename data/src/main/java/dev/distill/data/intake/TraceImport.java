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

/**
 * Other people's data sets of traces to a folder of traces. Rows are read and written one after the other; memory holds one, a row group, and some 60 bytes for
 * each prompt. The same files with the same settings make the same traces.
 */
public final class TraceImport {
    /** Rows that could not be read, one a line: {@code file}, {@code row} and {@code problem}. */
    public static final String SKIPPED = "skipped.jsonl";

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
        Manifest plan = Manifest.begin(ImportFolder.STAGE, createdBy).withSettings(settings.asText());
        for (ImportSource source : sources) {
            plan = plan.withInput(FileEntry.of(source.file().toString(), source.file()))
                    .withSettings(licence(source));
        }
        for (ImportSource source : sources) {
            ForeignFile.check(source.file());
        }
        Optional<Manifest> done = ImportFolder.done(to, plan);
        return done.isPresent()
                ? report(done.get(), List.of(), true)
                : new TraceImport(settings, progress).run(sources, to, plan);
    }

    private static Map<String, String> licence(ImportSource source) {
        String licence = source.licence();
        return licence == null ? Map.of() : Map.of("import.licence-of-card." + source.name(), licence);
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
            if (fresh && ImportFolder.isEmpty(to)) {
                Files.delete(to);
            }
            throw e;
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
        TraceFormat format = settings.format() != null ? settings.format() : ForeignFile.format(source.file());
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
