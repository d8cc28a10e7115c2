package dev.distill.data.shard;

/** What the row that is being read takes, about, and no more than {@link ReadLimits#row}. */
final class RowSize {
    private final long most = ReadLimits.row();
    private long bytes;

    /** A new row begins. */
    void begin() {
        bytes = 0;
    }

    long bytes() {
        return bytes;
    }

    /** @throws IllegalArgumentException if the row is too large now */
    void add(long more) {
        bytes += more;
        if (bytes > most) {
            throw new IllegalArgumentException("a row of more than " + most + " bytes");
        }
    }
}
