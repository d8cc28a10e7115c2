package dev.distill.data.pack;

import java.util.List;

/**
 * A tokenised trace: {@code ids} of shape [T], and which of them the student is to predict.
 *
 * <p>The loss mask is a list of spans over the ids. A token inside a span is a target: the student predicts it from those
 * before it. The first token has none before it, so it is in no span.
 */
public final class Sample {
    private final String traceId;
    private final int[] ids;
    private final List<Span> trained;
    private final int place;

    /**
     * Indices of tokens.
     *
     * @param from the first
     * @param to one past the last
     */
    public record Span(int from, int to) {}

    /**
     * @param traceId the trace that it was made from, see {@link dev.distill.data.trace.Trace#id}
     * @param ids token ids, at least two; the array is kept, not copied
     * @param trained which of them are targets: spans that are not empty, in order, apart, within [1, T); at least one
     */
    public Sample(String traceId, int[] ids, List<Span> trained) {
        this(traceId, ids, trained, 0);
    }

    /** @param place how many trained tokens of its trace come before it, where it is a piece of a longer sample */
    Sample(String traceId, int[] ids, List<Span> trained, int place) {
        this.traceId = traceId;
        this.ids = ids;
        this.place = place;
        this.trained = List.copyOf(trained);
        int end = 1;
        for (Span span : trained) {
            if (span.from < end || span.to <= span.from || span.to > ids.length) {
                throw new IllegalArgumentException(
                        "sample " + traceId + ": trained spans must be in order, apart and within" + " [1, "
                                + ids.length + "), got " + trained);
            }
            end = span.to;
        }
        if (trained.isEmpty()) {
            throw new IllegalArgumentException(
                    "sample " + traceId + ": no token of it is trained, so it teaches nothing;" + " leave it out");
        }
    }

    public String traceId() {
        return traceId;
    }

    /** The token ids, [T]. Not to be changed. */
    public int[] ids() {
        return ids;
    }

    public List<Span> trained() {
        return trained;
    }

    /** T. */
    public int length() {
        return ids.length;
    }

    /** Of a piece, how many trained tokens of its trace come before it; else 0. */
    public int place() {
        return place;
    }

    /** How many tokens are targets. */
    public int trainedTokens() {
        return trained.stream().mapToInt(span -> span.to - span.from).sum();
    }
}
