package dev.distill.data.publish;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.Folders;
import dev.distill.data.journal.Storage;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceCounts;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A folder of traces to a data set for others: the rows, a card, a manifest. It is made under another name beside its own, and moved when it is whole. Rows are
 * read and written one after the other; the same traces make the same bytes of rows and card.
 */
public final class TraceExport {
    private static final String STAGE = "export-traces";
    private static final String SCHEMA = "rows/";

    private final Path from;
    private final ExportSettings settings;
    private final LongConsumer progress;
    private final TraceCounts counts = new TraceCounts();
    private final SortedSet<String> licences = new TreeSet<>();
    private boolean unlicensed;

    private TraceExport(Path from, ExportSettings settings, LongConsumer progress) {
        this.from = from;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Writes the traces of a folder.
     *
     * @param to must not be there, unless it holds this export already, which is left as it is
     * @param createdBy program, for the manifest
     * @param progress hears how many traces have been written
     */
    public static Manifest run(Path from, ExportSettings settings, Path to, String createdBy, LongConsumer progress)
            throws IOException {
        Manifest source = Manifest.read(from);
        String name = String.valueOf(from.toAbsolutePath().normalize().getFileName());
        long bytes = source.outputs().stream().mapToLong(FileEntry::bytes).sum();
        Manifest plan = Manifest.begin(STAGE, createdBy)
                .withSettings(settings.asText())
                .withInput(new FileEntry(name, bytes, source.outputsHash(), OptionalLong.empty()));
        if (Files.exists(to)) {
            return done(to, plan)
                    .orElseThrow(() -> new IllegalArgumentException("export " + to
                            + ": exists already, and is not this export; give another name, or move it away"));
        }
        return new TraceExport(from, settings, progress).run(to, plan);
    }

    private static Optional<Manifest> done(Path to, Manifest plan) throws IOException {
        if (!Manifest.isIn(to)) {
            return Optional.empty();
        }
        Manifest found = Manifest.read(to);
        boolean same = found.stage().equals(STAGE)
                && found.settings().equals(plan.settings())
                && found.inputs().equals(plan.inputs());
        return same ? Optional.of(found) : Optional.empty();
    }

    private Manifest run(Path to, Manifest plan) throws IOException {
        Path making = AtomicFile.temporaryFor(to.toAbsolutePath().normalize());
        Folders.delete(making); // of a process that was killed
        Files.createDirectories(making);
        try {
            TraceTable table = table();
            List<FileEntry> files;
            try (TraceReader traces = TraceReader.open(from);
                    RowSink out = settings.format().isParquet()
                            ? new RowSink.Tables(making, settings, table)
                            : new RowSink.Lines(making, settings.split())) {
                Iterator<Map<String, @Nullable Object>> rows = table.rows(counted(traces));
                if (!rows.hasNext()) {
                    throw new IllegalArgumentException(
                            "export " + from
                                    + ": there is no trace in it, and others cannot load a data set without rows; a curation's report.json says what dropped them");
                }
                while (rows.hasNext()) {
                    out.write(rows.next());
                }
                files = out.finish();
            }
            Manifest manifest = plan.withCounts(Map.of("traces", counts.traces()))
                    .finish(SCHEMA + settings.format().word(), files);
            AtomicFile.write(making.resolve("README.md"), card(table, files).markdown(manifest, counts));
            manifest.write(making);
            AtomicFile.publish(Storage.local(), making, to);
            return manifest;
        } catch (IOException | RuntimeException e) {
            Folders.delete(making);
            throw e;
        }
    }

    private TraceTable table() throws IOException {
        return switch (settings.format()) {
            case MESSAGES, HF -> TextTable.messages(settings.reasoning());
            case SHAREGPT -> TextTable.shareGpt(settings.reasoning());
            case ALPACA -> TextTable.alpaca(settings.reasoning());
            case PROMPT_COMPLETION -> TextTable.promptCompletion(settings.reasoning(), onlyQuestions());
            case OPENR1_MATH -> new OpenR1Table(settings.reasoning());
        };
    }

    /** Whether no conversation has more than its question: all rows of a file must have one type. */
    private boolean onlyQuestions() throws IOException {
        try (TraceReader traces = TraceReader.open(from)) {
            while (traces.hasNext()) {
                if (traces.next().messages().size() != 1) {
                    return false;
                }
            }
            return true;
        }
    }

    private Iterator<Trace> counted(TraceReader traces) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return traces.hasNext();
            }

            @Override
            public Trace next() {
                Trace trace = traces.next();
                counts.add(trace);
                String licence = trace.licence();
                if (licence == null) {
                    unlicensed = true;
                } else {
                    licences.add(licence);
                }
                progress.accept(counts.traces());
                return trace;
            }
        };
    }

    private DatasetCard card(TraceTable table, List<FileEntry> files) throws IOException {
        String title = settings.title();
        List<String> tags = new ArrayList<>(List.of("reasoning", "distillation", "chain-of-thought"));
        List<DatasetCard.Section> sections = new ArrayList<>();
        sections.add(new DatasetCard.Section("Licences", licencesInWords()));
        sections.add(new DatasetCard.Section("Columns", columns(table)));
        sections.addAll(Steps.of(from).sections());
        return new DatasetCard(
                title == null
                        ? "Reasoning traces: "
                                + from.toAbsolutePath().normalize().getFileName()
                        : title,
                licenceId(),
                "",
                new DatasetCard.Hub(settings.split(), pattern(files), settings.languages(), tags),
                sections);
    }

    private String pattern(List<FileEntry> files) {
        return settings.format().isParquet()
                ? "data/" + settings.split() + "-*.parquet"
                : files.getFirst().path();
    }

    /** What the user says; else that of the traces, if all have one that is an id of the hub. */
    private String licenceId() {
        String stated = settings.licence();
        if (stated != null) {
            return stated;
        }
        boolean ids = !licences.isEmpty() && licences.stream().allMatch(id -> id.matches("[A-Za-z0-9][A-Za-z0-9._-]*"));
        if (unlicensed || !ids) {
            return "other";
        }
        return licences.size() == 1 ? licences.first() : "[" + String.join(", ", licences) + "]";
    }

    private String licencesInWords() {
        String of = licences.isEmpty()
                ? "The traces name no licence of their prompts"
                : "The traces name these licences of their prompts: " + String.join(", ", licences)
                        + (unlicensed ? "; some name none" : "");
        String stated =
                settings.licence() == null ? "" : " Whoever made this export states `" + settings.licence() + "`.";
        return of + "." + stated + " What the teacher's terms allow is to be found out beside that.";
    }

    private static String columns(TraceTable table) {
        StringJoiner names = new StringJoiner("`, `", "`", "`");
        table.columns().forEach(column -> names.add(column.name()));
        return names.toString();
    }
}
