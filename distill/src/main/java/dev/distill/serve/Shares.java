package dev.distill.serve;

import java.util.HashMap;
import java.util.Map;

/**
 * Something of which there is so much, for all clients together. A client may have as much of it as is still free beside that: alone half of all, beside one
 * as greedy a third, and so on, so that however many are greedy there is some left for the next one (dynamic thresholds; Choudhury and Hahne
 * 1998). What is larger than that waits until nobody has any.
 *
 * <p>Safe for several threads.
 */
final class Shares {
    private final long capacity;
    private final Map<String, Long> taken = new HashMap<>();
    private long all;

    Shares(long capacity) {
        this.capacity = capacity;
    }

    /** @return false where there is no room for it */
    synchronized boolean take(String client, long amount) {
        long own = taken.getOrDefault(client, 0L) + amount;
        if (all > 0 && own > capacity - all) {
            return false;
        }
        taken.put(client, own);
        all += amount;
        return true;
    }

    synchronized void give(String client, long amount) {
        all -= amount;
        taken.merge(client, -amount, Long::sum);
        taken.remove(client, 0L);
    }

    /** What all have. */
    synchronized long all() {
        return all;
    }
}
