package dev.distill.serve;

/** A request on its way from the queue to its last token. Only the thread that decodes calls it, but for {@link #cancel}. */
final class Job {
    private final Order order;
    private final String client;
    private final ReplySink sink;
    private final Metrics metrics;
    private final long arrival;
    private State state = State.OPEN;
    private Runnable over = () -> {};
    private boolean spoken;
    private int ended;
    private int tokens;
    private int reasoningTokens;

    private enum State {
        OPEN,
        CANCELLED,
        OVER
    }

    /** @param arrival of the request, as {@link System#nanoTime} */
    Job(Order order, String client, ReplySink sink, Metrics metrics, long arrival) {
        this.order = order;
        this.client = client;
        this.sink = sink;
        this.metrics = metrics;
        this.arrival = arrival;
    }

    Order order() {
        return order;
    }

    /** Who waits for it. */
    String client() {
        return client;
    }

    ReplySink sink() {
        return sink;
    }

    /** A token of it was written. */
    void spoke() {
        if (!spoken) {
            spoken = true;
            metrics.firstToken(System.nanoTime() - arrival);
        }
    }

    void ended(int row, Said.End end) {
        sink.ended(row, end);
        tokens += end.tokens();
        reasoningTokens += end.reasoningTokens();
        if (++ended == order.rows()) {
            complete();
        }
    }

    /** Nothing is left to be written. */
    void complete() {
        if (become(State.OVER)) {
            metrics.answered(order.promptTokens());
            sink.complete(new ReplySink.Usage(order.promptTokens(), tokens, reasoningTokens));
        }
    }

    /** There is no more of it; the client is told. */
    void fail(ApiError why) {
        if (become(State.OVER)) {
            metrics.refused(why.status());
            sink.failed(why);
        }
    }

    /** Nobody reads it any more: its rows end with the next token. Any thread may call this. */
    void cancel() {
        if (become(State.CANCELLED)) {
            metrics.cancelled();
        }
    }

    /** Called once it is over, whichever way; at once if it is. */
    synchronized void onOver(Runnable listener) {
        if (state == State.OPEN) {
            over = listener;
        } else {
            listener.run();
        }
    }

    private synchronized boolean become(State next) {
        if (state != State.OPEN) {
            return false;
        }
        state = next;
        over.run();
        return true;
    }

    /** Whether it is neither answered, failed nor cancelled. */
    synchronized boolean isOpen() {
        return state == State.OPEN;
    }
}
