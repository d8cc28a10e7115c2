package dev.distill.serve;

import java.util.BitSet;
import java.util.List;

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
    private long heldSince; // as nanoTime; 0 while its reader keeps up
    private final BitSet scored = new BitSet(); // prompts
    private final BitSet read = new BitSet();

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

    /** A prompt was scored. */
    void scored(int prompt, List<Said.Token> tokens) {
        scored.set(prompt);
        sink.scored(prompt, tokens);
    }

    boolean isScored(int prompt) {
        return scored.get(prompt);
    }

    /** A row of this prompt is about to be written. */
    void begun(int prompt) {
        if (!read.get(prompt)) {
            read.set(prompt);
            metrics.read(order.prompts().get(prompt).ids().length);
        }
    }

    /** Whether its reader is so far behind that its rows wait for it. */
    boolean isHeld() {
        boolean held = isOpen() && sink.isFull();
        if (held && heldSince == 0) {
            heldSince = System.nanoTime() | 1; // never 0
        } else if (!held) {
            heldSince = 0;
        }
        return held;
    }

    /** When it began to be {@link #isHeld}, as {@link System#nanoTime}. */
    long heldSince() {
        return heldSince;
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

    /** A row of which nothing is to be written is over, where the job is open. */
    void endedEmpty(int row) {
        if (isOpen()) {
            begun(row / order.common().n());
            ended(row, new Said.End("length", 0, 0));
        }
    }

    private void complete() {
        if (become(State.OVER)) {
            metrics.answered();
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

    /** Its reader has kept others waiting, and is let go. */
    void cutOff() {
        if (become(State.CANCELLED)) {
            metrics.cancelled();
            sink.cutOff();
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
