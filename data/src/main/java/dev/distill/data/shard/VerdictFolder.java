package dev.distill.data.shard;

import dev.distill.data.journal.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Verdicts of checks that ran apart: {@code verdicts-00000.parquet} ..., a row each, in the order of the traces that they are about. */
public final class VerdictFolder {
    public static final String SCHEMA = VerdictSchema.NAME_AND_VERSION;

    private static final String NAME = "verdicts";

    private final NumberedFiles files;

    private VerdictFolder(Path folder) {
        this.files = new NumberedFiles(Storage.local(), folder, NAME);
    }

    public static VerdictFolder of(Path folder) {
        return new VerdictFolder(folder);
    }

    public Path path() {
        return files.folder();
    }

    /** Its files, in order; none where there is no folder. */
    public List<Path> files() throws IOException {
        return files.list();
    }

    /** Reads everything, in the order in which it was written. */
    public VerdictReader open() throws IOException {
        return new VerdictReader(files());
    }

    /** Its files, as a manifest names them. */
    public List<FileEntry> entries() throws IOException {
        List<FileEntry> entries = new ArrayList<>();
        for (Path file : files()) {
            try (ParquetShard<TraceVerdict> shard = ParquetShard.open(VerdictSchema.FORM, file)) {
                entries.add(FileEntry.of(String.valueOf(file.getFileName()), file, shard.rows()));
            }
        }
        return entries;
    }

    /** Replaces what is there; a manifest that names it is the caller's to replace. */
    public RowWriter<TraceVerdict> replace() throws IOException {
        Storage storage = files.storage();
        storage.createFolder(files.folder());
        for (Path file : files()) {
            storage.delete(file);
        }
        storage.syncFolder(files.folder());
        return new RowWriter<>(VerdictSchema.FORM, files, ShardSize.DEFAULT, 0);
    }
}
