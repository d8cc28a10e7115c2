package dev.distill.plan;

import java.util.ArrayList;
import java.util.List;

/** Times a piece of work that is done over and over, while Java still compiles it: the later times count. */
final class Stopwatch {
    private static final int LEAST = 4;
    private static final int MOST = 400;

    private Stopwatch() {}

    /**
     * Seconds of one call: the lower quartile of the later half, for what else the machine does meanwhile only adds to it.
     *
     * @param budget seconds that all calls may take, after which no other begins; there are four at least
     */
    static double seconds(double budget, Runnable work) {
        List<Double> times = new ArrayList<>();
        long begin = System.nanoTime();
        while (times.size() < LEAST || times.size() < MOST && (System.nanoTime() - begin) / 1e9 < budget) {
            long start = System.nanoTime();
            work.run();
            times.add((System.nanoTime() - start) / 1e9);
        }
        List<Double> later =
                times.subList(times.size() / 2, times.size()).stream().sorted().toList();
        return later.get(later.size() / 4);
    }
}
