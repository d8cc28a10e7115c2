package dev.distill.data.curate;

/** Where each hash stood last: a table of primitives, so that a text of 100,000 words costs milliseconds. */
final class LastPlaces {
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final long[] keys;
    private final int[] places;
    private final int shift;

    /** @param most how many different hashes there can be */
    LastPlaces(int most) {
        int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(Math.max(1, most)));
        keys = new long[1 << bits];
        places = new int[1 << bits];
        shift = 64 - bits;
    }

    /** The last place of this hash before, -1 for none; from now on it is this one. */
    int put(long hash, int place) {
        int slot = (int) ((hash * STEP) >>> shift);
        while (places[slot] != 0 && keys[slot] != hash) {
            slot = slot + 1 == keys.length ? 0 : slot + 1;
        }
        int before = places[slot] - 1;
        keys[slot] = hash;
        places[slot] = place + 1;
        return before;
    }
}
