package dev.distill.data.shard;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A file of traces, and what the manifest of its folder says of it. It can be sent to other processes that see the same files.
 *
 * @param path of the file
 * @param bytes its length
 * @param sha256 of its content
 * @param rows traces in it
 */
public record TraceFile(String path, long bytes, String sha256, long rows) implements Serializable {
    /**
     * The files of finished folders, in the order in which {@link TraceReader} reads them.
     *
     * @throws ShardException as {@link TraceReader#open(Path)} does
     */
    public static List<TraceFile> of(List<Path> folders) throws IOException {
        List<TraceFile> files = new ArrayList<>();
        for (Path folder : folders) {
            for (FileEntry entry : Manifest.read(folder).outputs()) {
                if (entry.rows().isEmpty()) {
                    throw new ShardException(
                            folder.resolve(entry.path()),
                            "has no number of rows in its manifest",
                            "run the stage again");
                }
            }
            for (TraceSource source : TraceSource.of(folder, Manifest.read(folder))) {
                FileEntry entry = source.entry();
                if (entry != null) {
                    files.add(new TraceFile(
                            source.file().toAbsolutePath().toString(),
                            entry.bytes(),
                            entry.sha256(),
                            entry.rows().orElseThrow()));
                }
            }
        }
        return files;
    }

    /**
     * Reads the whole file, and compares it with the manifest.
     *
     * @throws ShardException if it is another
     */
    public void check() throws IOException {
        FileEntry entry = new FileEntry(path, bytes, sha256, OptionalLong.of(rows));
        new TraceSource(Path.of(path), entry).open().close();
    }
}
