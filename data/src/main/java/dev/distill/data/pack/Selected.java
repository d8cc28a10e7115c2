package dev.distill.data.pack;

/** Some of other samples. */
final class Selected implements Samples {
    private final Samples all;
    private final int[] numbers;

    Selected(Samples all, int[] numbers) {
        this.all = all;
        this.numbers = numbers;
    }

    @Override
    public int size() {
        return numbers.length;
    }

    @Override
    public int length(int index) {
        return all.length(numbers[index]);
    }

    @Override
    public Sample get(int index) {
        return all.get(numbers[index]);
    }

    @Override
    public String traceId(int index) {
        return all.traceId(numbers[index]);
    }
}
