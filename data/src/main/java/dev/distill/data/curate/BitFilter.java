package dev.distill.data.curate;

/**
 * One bit for each key, by the key's highest bits: where it is not set, the key was not put down. What is looked up for every
 * word of every trace must be as small as this to stay in the processor's cache. Read by any number of threads.
 */
final class BitFilter {
    private final long[] bits;

    /** How far a key is shifted to be the number of its bit. */
    private final int shift;

    /**
     * An empty one.
     *
     * @param keys how many there will be, about
     * @param bitsEach for each of them, or half as many; a power of 2
     */
    BitFilter(int keys, int bitsEach) {
        long room = (long) Integer.highestOneBit(Math.max(1, keys)) * bitsEach / Long.SIZE;
        this.bits = new long[Math.toIntExact(Math.max(1, room))];
        this.shift = Long.numberOfLeadingZeros((long) bits.length * Long.SIZE - 1);
    }

    /** @param key mixed, so that its highest bits are as good as any */
    void put(long key) {
        long at = key >>> shift;
        bits[(int) (at >>> 6)] |= 1L << at;
    }

    /** 0 where this key was not put down; 1 where it was, and now and then where it was not. */
    int bit(long key) {
        long at = key >>> shift;
        return (int) (bits[(int) (at >>> 6)] >>> at) & 1;
    }
}
