package dev.distill.data.shard;

/**
 * When a shard ends.
 *
 * @param fileBytes a file that has this many bytes gets no further row group; files are larger by up to one row group
 * @param rowGroupBytes what is held on the heap, full pages of it compressed, until it is written as one row group
 */
public record ShardSize(long fileBytes, int rowGroupBytes) {
    /** Files of about 128 MiB, row groups of 16 MiB. */
    public static final ShardSize DEFAULT = new ShardSize(128L << 20, 16 << 20);

    public ShardSize {
        if (fileBytes < 1 || rowGroupBytes < 1) {
            throw new IllegalArgumentException("shard size: both sizes must be at least 1 byte; got file " + fileBytes
                    + ", row group " + rowGroupBytes);
        }
    }
}
