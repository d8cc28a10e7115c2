package dev.distill.serve;

import dev.distill.respond.Language;
import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.TokenListener;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.DecodingSession;
import dev.distill.student.model.LikeliestTokens;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.TeacherRows;
import dev.distill.student.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model with its queue and its batch. Waiting rows join the batch as slots become free; rows of one request stand together, so that their prompt
 * is read once. Only the thread that decodes may call {@link #step}, {@link #fail} and {@link #close}.
 */
final class Lane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final TeacherRows NOTHING = new TeacherRows(1, new int[0], new float[0]);

    private final ServedModel served;
    private final int context;
    private final Generator generator;
    private final FairQueue<Job> queue;
    private final Metrics metrics;
    private final Deque<Choice> begun = new ArrayDeque<>(); // rows of a request that was taken, not yet in the batch
    private final Map<Long, Choice> running = new HashMap<>();
    private long numbers;

    /** @param cacheBytes of keys and values */
    Lane(ServedModel served, Batching batching, long cacheBytes, Metrics metrics) {
        this.served = served;
        this.context = context(served, batching, cacheBytes);
        this.generator = new Generator(served.student().model(), batching.slots(), context, cacheBytes);
        this.queue = new FairQueue<>(batching.queue());
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

    /** @return false where too many wait */
    boolean offer(Job job) {
        return queue.offer(job.client(), job.order().rows(), job);
    }

    /** Takes a job that was cancelled out of the queue. */
    void forget(Job job) {
        queue.remove(job.client(), job);
    }

    /** Rows that wait. */
    int waiting() {
        return queue.size();
    }

    // ---- the thread that decodes

    /** What there is for free slots, now. */
    private final Iterator<GenerationRequest> source = new Iterator<>() {
        @Override
        public boolean hasNext() {
            begun.removeIf(choice -> !choice.job().isOpen());
            while (begun.isEmpty()) {
                Job job = queue.poll();
                if (job == null) {
                    return false;
                }
                guarded(job, () -> begin(job));
            }
            return true;
        }

        @Override
        public GenerationRequest next() {
            Choice choice = begun.remove();
            long number = numbers++;
            running.put(number, choice);
            return choice.request(number);
        }
    };

    private final TokenListener listener = new TokenListener() {
        @Override
        public boolean token(long row, int id, float logProb) {
            return token(row, id, logProb, NOTHING);
        }

        @Override
        public boolean token(long row, int id, float logProb, TeacherRows likeliest) {
            metrics.token();
            Choice choice = Objects.requireNonNull(running.get(row));
            choice.job().spoke();
            boolean[] wanted = {false};
            guarded(choice.job(), () -> wanted[0] = choice.token(id, logProb, likeliest));
            return wanted[0];
        }
    };

    /** One token of each row. @return false where there is nothing to do */
    boolean step() {
        boolean some = generator.step(source, listener, this::done);
        metrics.rows(name(), generator.rows());
        return some;
    }

    private void done(Generation generation) {
        Choice choice = Objects.requireNonNull(running.remove(generation.row()));
        guarded(choice.job(), () -> choice.done(generation));
    }

    /** What goes wrong with one request's text ends that request alone. */
    private static void guarded(Job job, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("serve: a request failed", e);
            job.fail(ApiError.internal());
        }
    }

    private void begin(Job job) {
        if (!job.isOpen()) {
            return;
        }
        Order order = job.order();
        if (order.scoresPrompts()) {
            for (int i = 0; i < order.prompts().size(); i++) {
                job.sink()
                        .scored(
                                i,
                                scores(
                                        order.prompts().get(i).ids(),
                                        order.told().likeliest()));
            }
        }
        if (order.maxNewTokens() == 0) {
            for (int row = 0; row < order.rows(); row++) {
                job.ended(row, new Said.End("length", 0, 0));
            }
            return;
        }
        for (int row = 0; row < order.rows(); row++) {
            begun.add(new Choice(job, row));
        }
    }

    /** What the model makes of a prompt's tokens; nothing comes before the first. */
    private List<Said.Token> scores(int[] ids, int likeliest) {
        List<Said.Token> tokens = new ArrayList<>();
        tokens.add(new Said.Token(ids[0], Float.NaN, NOTHING));
        Decoder model = served.student().model();
        if (ids.length > 1 && likeliest == 0) {
            float[] own = model.logProbabilities(PackedRow.nextToken(ids));
            for (int n = 0; n + 1 < ids.length; n++) {
                tokens.add(new Said.Token(ids[n + 1], own[n], NOTHING));
            }
        } else if (ids.length > 1) {
            model.forEachLogits(PackedRow.nextToken(ids), (n, logits_V) -> {
                if (n + 1 < ids.length) {
                    Tensor logProbs_1V = logits_V.reshape(1, vocabulary());
                    model.ops().logSoftmax(logProbs_1V, logProbs_1V, 1);
                    tokens.add(new Said.Token(
                            ids[n + 1], logits_V.get(ids[n + 1]), LikeliestTokens.of(logProbs_1V, likeliest)));
                }
            });
        }
        return tokens;
    }

    /** Ends all that is under way and all that waits. */
    void fail(ApiError why) {
        Set<Job> jobs = new HashSet<>();
        running.values().forEach(choice -> jobs.add(choice.job()));
        begun.forEach(choice -> jobs.add(choice.job()));
        running.clear();
        begun.clear();
        generator.abandon();
        for (Job job = queue.poll(); job != null; job = queue.poll()) {
            jobs.add(job);
        }
        jobs.forEach(job -> job.fail(why));
        metrics.rows(name(), 0);
    }

    @Override
    public void close() {
        generator.close();
    }
}
