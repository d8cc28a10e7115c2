package dev.distill.data.shard;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows into numbered files of a folder, each of which is whole or not there. For one thread. What has been written is on the disk once
 * {@link #finish} has returned.
 *
 * <p>Row groups are encoded and compressed on threads of their own, one for each processor and a few at most, and written in
 * their order by the caller's. So the files are the same whatever was ready first, and what is held is so many groups. A full file
 * is synced and gets its name beside the encoding of what comes next; they get theirs in order, and one that fails is told by the next that is
 * full, or by {@link #finish}.
 */
public final class RowWriter<T> implements AutoCloseable {
    private final ShardForm<T> form;
    private final NumberedFiles files;
    private final ShardSize size;
    private final int ahead;
    private final Deque<Future<RowGroup>> encoding = new ArrayDeque<>();
    private final List<FileEntry> published = new ArrayList<>();
    private final int first;
    private List<T> rows = new ArrayList<>();
    private long rowsSize;
    private int begun;
    private @Nullable ShardFile<T> open;
    /** The file before; stays here if it failed. */
    private @Nullable Future<FileEntry> publishing;

    /** @param first number of the first file */
    RowWriter(ShardForm<T> form, NumberedFiles files, ShardSize size, int first) {
        this(form, files, size, first, ShardThreads.COUNT);
    }

    /** @param ahead row groups that are encoded at once, beside the one that is written */
    RowWriter(ShardForm<T> form, NumberedFiles files, ShardSize size, int first, int ahead) {
        this.form = form;
        this.files = files;
        this.size = size;
        this.first = first;
        this.ahead = ahead;
    }

    public void write(T row) throws IOException {
        rows.add(row);
        rowsSize += form.size().applyAsLong(row);
        if (size.endsGroup(rowsSize)) {
            encode();
            while (encoding.size() > ahead) {
                writeOldest();
            }
        }
    }

    private void encode() {
        List<T> group = rows;
        encoding.add(ShardThreads.start(() -> RowGroup.encode(form, group)));
        rows = new ArrayList<>();
        rowsSize = 0;
    }

    private void writeOldest() throws IOException {
        RowGroup group = ShardThreads.result(encoding.remove());
        ShardFile<T> file = open;
        if (file == null) {
            file = ShardFile.create(form, files.storage(), files.file(first + begun));
            begun++;
            open = file;
        }
        file.write(group);
        if (size.endsFile(file.bytes())) {
            publish(file);
        }
    }

    private void publish(ShardFile<T> file) throws IOException {
        awaitPublished();
        open = null;
        publishing = ShardThreads.start(file::publish);
    }

    private void awaitPublished() throws IOException {
        Future<FileEntry> before = publishing;
        if (before != null) {
            published.add(ShardThreads.result(before));
            publishing = null;
        }
    }

    /** Completes the file that is open, if one is. */
    public void finish() throws IOException {
        if (!rows.isEmpty()) {
            encode();
        }
        while (!encoding.isEmpty()) {
            writeOldest();
        }
        if (open != null) {
            publish(open);
        }
        awaitPublished();
    }

    /** The files that are whole. */
    List<FileEntry> published() {
        return List.copyOf(published);
    }

    /** Drops what {@link #finish} has not completed; a file that is being synced is completed first. */
    @Override
    public void close() {
        encoding.forEach(group -> group.cancel(true));
        encoding.clear();
        rows = new ArrayList<>();
        rowsSize = 0;
        if (open != null) {
            open.close();
            open = null;
        }
        if (publishing != null) {
            ShardThreads.await(publishing);
            publishing = null;
        }
    }
}
