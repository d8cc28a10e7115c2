package dev.distill.serve;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is next: not who came first, but whose client has had least of what is shared. What each has had is counted as it is given (virtual token counters;
 * Sheng et al. 2024, "Fairness in Serving Large Language Models"). Who begins to wait counts as having had no less than the least of those who wait: nobody
 * saves up for later. Whoever had more than that is remembered for it, also while it has nothing here.
 *
 * <p>Safe for several threads.
 *
 * @param <T> work
 */
final class FairQueue<T> {
    /** Clients without work here whose counts are kept; of more, those that have had least are forgotten. */
    private static final int MOST_REMEMBERED = 1024;

    private final Shares places;
    private final Map<String, Client<T>> clients = new LinkedHashMap<>();
    private long least; // that any of those who wait has had; never less than before
    private @Nullable Client<T> last; // who had work here

    /** A client with its work, and what it has had. */
    private static final class Client<T> {
        final String name;
        final Deque<T> waiting = new ArrayDeque<>();
        long had;

        Client(String name, long had) {
            this.name = name;
            this.had = had;
        }

        long had() {
            return had;
        }

        boolean isIdle() {
            return waiting.isEmpty();
        }
    }

    /** A client's next piece of work. */
    record Head<T>(String client, T work) {}

    /** @param capacity pieces that may wait, shared by all as {@link Shares} has it */
    FairQueue(int capacity) {
        this.places = new Shares(capacity);
    }

    /** All of it or nothing. @return false where there is no room for it */
    synchronized boolean offer(String name, List<T> work) {
        if (!places.take(name, work.size())) {
            return false;
        }
        rise();
        if (last != null && clients.values().stream().allMatch(Client::isIdle)) {
            least = Math.max(least, last.had); // nobody was kept waiting by what others had until now
        }
        Client<T> client = client(name);
        if (client.isIdle()) {
            client.had = Math.max(client.had, least);
        }
        client.waiting.addAll(work);
        return true;
    }

    private Client<T> client(String name) {
        return clients.computeIfAbsent(name, _ -> new Client<>(name, least));
    }

    private void rise() {
        clients.values().stream()
                .filter(client -> !client.isIdle())
                .mapToLong(Client::had)
                .min()
                .ifPresent(now -> least = Math.max(least, now));
    }

    /**
     * The next work of each client, that of the client first who has had least; of equals, of whom is known for longer.
     *
     * @param ready work that could be done now
     */
    synchronized List<Head<T>> heads(Predicate<T> ready) {
        return clients.values().stream()
                .sorted(Comparator.comparingLong(Client::had))
                .flatMap(client ->
                        client.waiting.stream().filter(ready).limit(1).map(work -> new Head<>(client.name, work)))
                .toList();
    }

    /** Takes one of {@link #heads} out, whose client has its cost from now on. @return false if it is not there any more */
    synchronized boolean take(Head<T> head, long cost) {
        Client<T> client = clients.get(head.client);
        rise();
        if (client == null || !client.waiting.remove(head.work)) {
            return false;
        }
        places.give(client.name, 1);
        client.had += cost;
        last = client;
        forgetWhoIsOfNoMatter();
        return true;
    }

    /** A client has had more. */
    synchronized void charge(String name, long cost) {
        boolean known = clients.containsKey(name);
        client(name).had += cost;
        if (!known) {
            forgetWhoIsOfNoMatter();
        }
    }

    /** Takes work out that its client does not want any more. @return how much of it was there */
    synchronized int removeIf(String name, Predicate<T> unwanted) {
        Client<T> client = clients.get(name);
        int before = client == null ? 0 : client.waiting.size();
        if (client == null || !client.waiting.removeIf(unwanted)) {
            return 0;
        }
        int removed = before - client.waiting.size();
        places.give(name, removed);
        forgetWhoIsOfNoMatter();
        return removed;
    }

    /** Takes everything out. */
    synchronized List<T> clear() {
        List<T> all = new ArrayList<>();
        for (Client<T> client : clients.values()) {
            places.give(client.name, client.waiting.size());
            all.addAll(client.waiting);
            client.waiting.clear();
        }
        return all;
    }

    /** Who has nothing here and has had no more than who waits: it would begin anew with the same count. */
    private void forgetWhoIsOfNoMatter() {
        clients.values().removeIf(client -> client.isIdle() && client.had <= least);
        List<Client<T>> idle =
                new ArrayList<>(clients.values().stream().filter(Client::isIdle).toList());
        if (idle.size() > MOST_REMEMBERED) {
            idle.sort(Comparator.comparingLong(Client::had));
            idle.subList(0, MOST_REMEMBERED / 2).forEach(client -> clients.remove(client.name));
        }
    }

    /** Pieces that wait. */
    synchronized int size() {
        return Math.toIntExact(places.all());
    }

    /** Clients that are remembered, with work or without. */
    synchronized int clients() {
        return clients.size();
    }
}
