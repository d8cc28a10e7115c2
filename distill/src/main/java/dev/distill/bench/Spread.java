package dev.distill.bench;

import java.util.List;

/** The smallest, the middle and the largest of some numbers; of an even count the middle is the mean of the two. */
public record Spread(double min, double median, double max) {
    /** @param numbers at least one */
    public static Spread of(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(sorted.getFirst(), median, sorted.getLast());
    }
}
