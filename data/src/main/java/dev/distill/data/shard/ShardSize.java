package dev.distill.data.shard;

import java.io.Serializable;

/**
 * When a shard ends.
 *
 * @param fileBytes a file that has this many bytes gets no further row group; files are larger by up to one row group
 * @param rowGroupBytes a row group ends with the row that brings it to this many characters or bytes, before they are compressed. A writer and a
 *     reader hold some row groups on the heap, one for each processor and a few at most
 */
public record ShardSize(long fileBytes, int rowGroupBytes) implements Serializable {
    /** Files of about 128 MiB, row groups of 8 MiB. */
    public static final ShardSize DEFAULT = new ShardSize(128L << 20, 8 << 20);

    public ShardSize {
        if (fileBytes < 1 || rowGroupBytes < 1) {
            throw new IllegalArgumentException("shard size: both sizes must be at least 1 byte; got file " + fileBytes
                    + ", row group " + rowGroupBytes);
        }
    }

    /** Whether a row group whose rows have this many bytes gets no further one. */
    boolean endsGroup(long rowBytes) {
        return rowBytes >= rowGroupBytes;
    }

    /** Whether a file of this many bytes gets no further row group. */
    boolean endsFile(long bytes) {
        return bytes >= fileBytes;
    }
}
