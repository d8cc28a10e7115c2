package dev.distill.data.shard;

import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.Storage;
import dev.distill.data.trace.Trace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.jspecify.annotations.Nullable;

/**
 * Writes traces into a folder: {@code traces-00000.parquet}, {@code traces-00001.parquet} ..., {@code README.md}, and last
 * {@code manifest.json}. Each file has its name only when it is whole: written under a temporary name and synced, opened again
 * and counted, moved, the folder synced. A folder without a manifest is unfinished; whoever writes it again replaces what is
 * there. For one thread.
 */
public final class TraceWriter implements Closeable {
    private static final Pattern SHARD_NAME = Pattern.compile("traces-\\d{5}\\.parquet");
    /** Texts that hardly repeat: a dictionary of them is built, found too large and thrown away. */
    private static final List<String> LONG_TEXTS =
            List.of("id", "prompt_id", "reasoning", "answer", "raw_reply", "messages.list.element.content");
    /** How much of a long value the statistics keep, in bytes. */
    private static final int STATISTICS_BYTES = 64;

    private final Storage storage;
    private final Path folder;
    private final ShardSize size;
    private final List<FileEntry> shards = new ArrayList<>();
    private final TraceCounts counts = new TraceCounts();
    private @Nullable OpenShard open;
    private boolean finished;

    /** The shard that is being written, under its temporary name. */
    private static final class OpenShard {
        final Path target;
        final Path temporary;
        final ParquetWriter<Trace> writer;
        long rows;

        OpenShard(Path target, Path temporary, ParquetWriter<Trace> writer) {
            this.target = target;
            this.temporary = temporary;
            this.writer = writer;
        }
    }

    private TraceWriter(Storage storage, Path folder, ShardSize size) {
        this.storage = storage;
        this.folder = folder;
        this.size = size;
    }

    /**
     * Begins a folder of traces.
     *
     * @throws ShardException if the folder is finished already
     */
    public static TraceWriter create(Path folder) throws IOException {
        return create(Storage.local(), folder, ShardSize.DEFAULT);
    }

    /** {@link #create(Path)} with other sizes, through the given storage. */
    public static TraceWriter create(Storage storage, Path folder, ShardSize size) throws IOException {
        if (Manifest.isIn(folder)) {
            throw new ShardException(
                    folder, "is finished: it has a " + Manifest.FILE_NAME, "give another folder, or delete this one");
        }
        return begin(storage, folder, size);
    }

    /** Begins a folder of traces again: what is in it counts as unfinished from here on, and is replaced. */
    public static TraceWriter replace(Path folder) throws IOException {
        return replace(Storage.local(), folder, ShardSize.DEFAULT);
    }

    /** {@link #replace(Path)} with other sizes, through the given storage. */
    public static TraceWriter replace(Storage storage, Path folder, ShardSize size) throws IOException {
        if (Manifest.isIn(folder)) {
            storage.delete(folder.resolve(Manifest.FILE_NAME));
            storage.syncFolder(folder);
        }
        return begin(storage, folder, size);
    }

    private static TraceWriter begin(Storage storage, Path folder, ShardSize size) throws IOException {
        storage.createFolder(folder);
        return new TraceWriter(storage, folder, size);
    }

    /** Writes one trace; it is on the disk when {@link #finish} has returned. */
    public void write(Trace trace) throws IOException {
        OpenShard shard = open == null ? openNext() : open;
        try {
            shard.writer.write(trace);
        } catch (IOException | RuntimeException e) {
            abandon(e);
            throw e;
        }
        shard.rows++;
        counts.add(trace);
        if (shard.writer.getDataSize() >= size.fileBytes()) {
            publish();
        }
    }

    /** Traces written so far. */
    public long rows() {
        return counts.traces();
    }

    /**
     * Writes what is left, the card and, last, the manifest: that of the stage so far, completed with the files and the counts
     * of the traces.
     */
    public Manifest finish(Manifest stage, DatasetCard card) throws IOException {
        if (open != null) {
            publish();
        }
        deleteLeftovers();
        Manifest manifest =
                stage.withCounts(Map.of("traces", counts.traces())).finish(TraceSchema.NAME_AND_VERSION, shards);
        byte[] readme = card.markdown(manifest, counts).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(storage, folder.resolve("README.md"), out -> out.write(readme));
        manifest.write(storage, folder);
        finished = true;
        return manifest;
    }

    private OpenShard openNext() throws IOException {
        if (finished) {
            throw new IllegalStateException("shard " + folder + ": is finished and takes no more traces");
        }
        Path target = folder.resolve(String.format("traces-%05d.parquet", shards.size()));
        Path temporary = AtomicFile.temporaryFor(target);
        OpenShard shard = new OpenShard(target, temporary, parquetWriter(new StorageOutputFile(storage, temporary)));
        open = shard;
        return shard;
    }

    private ParquetWriter<Trace> parquetWriter(OutputFile file) throws IOException {
        Builder builder = new Builder(file)
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecs())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize((long) size.rowGroupBytes())
                // A trace may have a megabyte: look at the size after every one, not after a hundred.
                .withMinRowCountForPageSizeCheck(1)
                .withPageWriteChecksumEnabled(true)
                .withStatisticsTruncateLength(STATISTICS_BYTES)
                .withColumnIndexTruncateLength(STATISTICS_BYTES);
        for (String column : LONG_TEXTS) {
            builder = builder.withDictionaryEncoding(column, false);
        }
        return builder.build();
    }

    private void publish() throws IOException {
        OpenShard shard = open;
        if (shard == null) {
            throw new IllegalStateException("no shard is open");
        }
        try {
            shard.writer.close();
            checkRows(shard);
            FileEntry entry = FileEntry.of(shard.target.getFileName().toString(), shard.temporary, shard.rows);
            AtomicFile.publish(storage, shard.temporary, shard.target);
            shards.add(entry);
            open = null;
        } catch (IOException | RuntimeException e) {
            abandon(e);
            throw e;
        }
    }

    private static void checkRows(OpenShard shard) throws IOException {
        try (ParquetShard written = ParquetShard.open(shard.temporary)) {
            if (written.rows() != shard.rows) {
                throw new ShardException(
                        shard.temporary,
                        "has " + written.rows() + " rows, " + shard.rows + " were written",
                        "is the disk sound? Run again");
            }
        }
    }

    /** Shards of an unfinished run that were not replaced: the manifest would not name them. */
    private void deleteLeftovers() throws IOException {
        List<Path> leftovers;
        List<String> mine = shards.stream().map(FileEntry::path).toList();
        try (Stream<Path> files = Files.list(folder)) {
            leftovers = files.filter(file ->
                            isShard(file) && !mine.contains(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
        for (Path leftover : leftovers) {
            storage.delete(leftover);
        }
    }

    static boolean isShard(Path file) {
        return SHARD_NAME.matcher(file.getFileName().toString()).matches();
    }

    /** Drops the shard that is open, which will never be whole. */
    private void abandon(Exception reason) {
        OpenShard shard = open;
        if (shard == null) {
            return;
        }
        open = null;
        try {
            shard.writer.close();
        } catch (IOException | RuntimeException e) {
            reason.addSuppressed(e);
        }
        AtomicFile.discard(storage, shard.temporary, reason);
    }

    /** Drops what {@link #finish} has not completed; shards that are whole stay, for the next writer to replace. */
    @Override
    public void close() {
        abandon(new IOException("closed before it was finished"));
    }

    private static final class Builder extends ParquetWriter.Builder<Trace, Builder> {
        Builder(OutputFile file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // abstract in the class above, so it must be here
        protected WriteSupport<Trace> getWriteSupport(org.apache.hadoop.conf.Configuration configuration) {
            return new TraceWriteSupport();
        }

        @Override
        protected WriteSupport<Trace> getWriteSupport(org.apache.parquet.conf.ParquetConfiguration configuration) {
            return new TraceWriteSupport();
        }
    }
}
