package dev.distill.data.template.jinja;

/** What is left of the {@link Limits} during one rendering. Work is paid for before it is done. */
final class Budget {
    private static final int PER_ITEM = 8;

    private final Limits limits;
    private long work;
    private int depth;

    Budget(Limits limits, long inputSize) {
        this.limits = limits;
        this.work = Math.addExact(limits.work(), Math.multiplyExact(inputSize, limits.workPerInput()));
    }

    void work(long units) {
        work -= units;
        if (units < 0 || work < 0) {
            throw new TemplateException("too much work (limit " + limits.work() + " units and " + limits.workPerInput()
                    + " per character of input); does it loop over its own output?");
        }
    }

    /** A string of this many characters. */
    void chars(long count) {
        work(count);
    }

    /** A list of this many items. */
    void items(long count) {
        if (count > Long.MAX_VALUE / PER_ITEM) {
            work(-1);
        }
        work(count * PER_ITEM);
    }

    void enter() {
        work(1);
        if (++depth > limits.depth()) {
            throw new TemplateException("nested deeper than " + limits.depth() + "; does a macro call itself?");
        }
    }

    void leave() {
        depth--;
    }

    void output(int chars) {
        if (chars > limits.outputChars()) {
            throw new TemplateException("renders more than " + limits.outputChars() + " characters");
        }
    }
}
