package dev.distill.serve;

import dev.distill.respond.Language;
import dev.distill.student.generate.Generator;
import dev.distill.student.model.DecodingSession;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One model with its queue and its batch. Only the thread that decodes may call {@link #step}, {@link #fail} and {@link #close}.
 */
final class Lane implements AutoCloseable {
    private final ServedModel served;
    private final int context;
    private final FairQueue<Turn> queue;
    private final Batch batch;
    private final PromptScorer scorer;
    private final Admission admission;
    private final Metrics metrics;

    /** @param cacheBytes of keys and values */
    Lane(ServedModel served, Batching batching, long cacheBytes, Metrics metrics) {
        this.served = served;
        this.context = context(served, batching, cacheBytes);
        this.queue = new FairQueue<>(batching.queue());
        this.batch = new Batch(
                new Generator(served.student().model(), batching.slots(), context, cacheBytes), queue::charge, metrics);
        this.scorer = new PromptScorer(served.student().model());
        this.admission = new Admission(queue, batch, scorer, batching.slots());
        this.metrics = metrics;
    }

    private static int context(ServedModel served, Batching batching, long cacheBytes) {
        int most = served.student().config().maxPositions();
        if (batching.context() > most) {
            throw new IllegalArgumentException(
                    "serve: the context of " + served.name() + " is " + most + " tokens; got " + batching.context());
        }
        long room = cacheBytes / DecodingSession.pageBytes(served.student().model()) * DecodingSession.PAGE;
        return batching.context() > 0 ? batching.context() : (int) Math.clamp(room, 1, most);
    }

    String name() {
        return served.name();
    }

    Language language() {
        return served.student().language();
    }

    Set<Integer> endIds() {
        return served.student().endIds();
    }

    /** The longest row, prompt and answer together. */
    int context() {
        return context;
    }

    int vocabulary() {
        return served.student().config().vocabulary();
    }

    // ---- any thread

    /** A text's ids. @param param that it came in */
    int[] encode(String text, String param) throws ApiError {
        try {
            return served.student().encode(text);
        } catch (IllegalArgumentException e) {
            throw ApiError.invalid(param, String.valueOf(e.getMessage()));
        }
    }

    /** @return false where too many wait */
    boolean offer(Job job) {
        List<Turn> turns = IntStream.range(0, job.order().rows())
                .mapToObj(row -> new Turn(job, row))
                .toList();
        return queue.offer(job.client(), turns);
    }

    /** Takes a job that was cancelled out of the queue. */
    void forget(Job job) {
        queue.removeIf(job.client(), turn -> turn.job() == job);
    }

    /** Rows that wait. */
    int waiting() {
        return queue.size();
    }

    /** What takes long is given up: the server is being closed. */
    void hurry() {
        scorer.hurry();
    }

    // ---- the thread that decodes

    /** Reads or scores a prompt, if one may begin, and writes a token of each row. @return false where there is nothing to do */
    boolean step() {
        boolean some = admission.admit();
        some |= batch.decode();
        metrics.rows(name(), batch.rows(), batch.rows() - batch.active());
        return some;
    }

    /** Ends all that is under way and all that waits. */
    void fail(ApiError why) {
        Set<Job> jobs = batch.abandon();
        queue.clear().forEach(turn -> jobs.add(turn.job()));
        jobs.forEach(job -> job.fail(why));
        metrics.rows(name(), 0, 0);
    }

    @Override
    public void close() {
        batch.close();
    }
}
