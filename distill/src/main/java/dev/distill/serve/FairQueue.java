package dev.distill.serve;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is next: not who came first, but whose client has had least. Each client's work begins, in virtual time, where its last one ends; the
 * earliest begin is next (start-time fair queueing; Goyal, Vin and Cheng 1996). So a client with a thousand requests holds up one with a
 * single request by no more than the request that is next.
 *
 * <p>Safe for several threads.
 *
 * @param <T> work
 */
final class FairQueue<T> {
    private final int capacity;
    private final Map<String, Client<T>> clients = new LinkedHashMap<>();
    private long now;
    private int size;

    /** Work with its begin in virtual time. */
    private record Entry<T>(T work, int cost, long begin) {}

    /** A client that has work here, and when the last of it ends. */
    private static final class Client<T> {
        final Deque<Entry<T>> waiting = new ArrayDeque<>();
        long end;
        int cost;
    }

    /** @param capacity what all work that waits may cost; a client's may be half of it, unless it is one piece that waits alone */
    FairQueue(int capacity) {
        this.capacity = capacity;
    }

    /** @return false where there is no room for it */
    synchronized boolean offer(String name, int cost, T work) {
        Client<T> client = clients.get(name);
        int own = client == null ? 0 : client.cost;
        if ((size > 0 && size + cost > capacity) || (own > 0 && own + cost > Math.max(1, capacity / 2))) {
            return false;
        }
        if (client == null) {
            client = new Client<>();
            client.end = now;
            clients.put(name, client);
        }
        long begin = Math.max(now, client.end);
        client.waiting.add(new Entry<>(work, cost, begin));
        client.end = begin + cost;
        client.cost += cost;
        size += cost;
        return true;
    }

    /** The next one; null where nothing waits. Of equals, the client's who has waited longer. */
    synchronized @Nullable T poll() {
        Map.Entry<String, Client<T>> next = clients.entrySet().stream()
                .min(Comparator.comparingLong(
                        client -> client.getValue().waiting.getFirst().begin))
                .orElse(null);
        if (next == null) {
            return null;
        }
        Client<T> client = next.getValue();
        Entry<T> entry = client.waiting.remove();
        now = Math.max(now, entry.begin);
        gone(next.getKey(), client, entry);
        return entry.work;
    }

    /** Takes work out whose client does not want it any more. @return whether it was still waiting */
    synchronized boolean remove(String name, T work) {
        Client<T> client = clients.get(name);
        if (client == null) {
            return false;
        }
        for (Entry<T> entry : client.waiting) {
            if (entry.work == work) {
                client.waiting.remove(entry);
                gone(name, client, entry);
                return true;
            }
        }
        return false;
    }

    private void gone(String name, Client<T> client, Entry<T> entry) {
        client.cost -= entry.cost;
        size -= entry.cost;
        if (client.waiting.isEmpty()) {
            clients.remove(name);
        }
    }

    /** What all that waits costs. */
    synchronized int size() {
        return size;
    }
}
