package dev.distill.student.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.IntStream;

/** The pages of a key/value cache: which are free, and how many sequences use each of the others. */
final class CachePages {
    private final Deque<Integer> free = new ArrayDeque<>();
    private final int[] users;

    CachePages(int count) {
        users = new int[count];
        IntStream.range(0, count).forEach(free::add);
    }

    int free() {
        return free.size();
    }

    /** A page that nobody uses. */
    int take() {
        if (free.isEmpty()) {
            throw new IllegalStateException("cache: all " + users.length + " pages are in use");
        }
        int page = free.remove();
        users[page] = 1;
        return page;
    }

    /** Whether one sequence alone uses it. */
    boolean isOwn(int page) {
        return users[page] == 1;
    }

    /** The same page for one more sequence. */
    int share(int page) {
        users[page]++;
        return page;
    }

    void release(int page) {
        if (users[page] == 0) {
            throw new IllegalStateException("cache: page " + page + " is free already");
        }
        if (--users[page] == 0) {
            free.addFirst(page); // the memory that was touched last
        }
    }
}
