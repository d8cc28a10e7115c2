package dev.distill.serve;

import dev.distill.student.generate.Generation;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.TokenListener;
import dev.distill.student.ops.TeacherRows;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows that a model writes, each with the answer that it is of. A row whose reader is behind stays in its place, without a token, until its reader has
 * caught up. Only the thread that decodes may call it.
 */
final class Batch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

    /** What a token that is written costs its client, in tokens that are read: these are computed many at a time. */
    private static final int WRITTEN = 2;

    private final Generator generator;
    private final ObjLongConsumer<String> charge;
    private final Metrics metrics;
    private final Map<Long, Choice> running = new HashMap<>();
    private long numbers;

    /** @param charge what a client has had more than before */
    Batch(Generator generator, ObjLongConsumer<String> charge, Metrics metrics) {
        this.generator = generator;
        this.charge = charge;
        this.metrics = metrics;
    }

    private final TokenListener listener = new TokenListener() {
        @Override
        public boolean token(long row, int id, float logProb) {
            return token(row, id, logProb, Said.NO_OTHERS);
        }

        @Override
        public boolean token(long row, int id, float logProb, TeacherRows likeliest) {
            Choice choice = Objects.requireNonNull(running.get(row));
            if (choice.job().isOpen()) {
                metrics.token();
                choice.job().spoke();
                charge.accept(choice.job().client(), WRITTEN);
            }
            return choice.token(id, logProb, likeliest);
        }

        @Override
        public void failed(long row, RuntimeException why) {
            fail(Objects.requireNonNull(running.remove(row)).job(), why);
        }
    };

    /** What goes wrong with one request ends that request alone. */
    static void fail(Job job, Throwable why) {
        LOG.error("serve: a request failed", why);
        job.fail(ApiError.internal());
    }

    boolean remembers(Turn turn) {
        return generator.remembers(turn.ids());
    }

    boolean hasRoom(Turn turn) {
        return generator.hasRoom(turn.ids(), turn.job().order().maxNewTokens());
    }

    /** Reads a prompt, unless it is remembered, and writes the first token. */
    void begin(Turn turn) {
        Choice choice = new Choice(turn.job(), turn.row());
        long number = numbers++;
        running.put(number, choice);
        try {
            generator.begin(choice.request(number), listener, this::done);
        } catch (RuntimeException | OutOfMemoryError e) {
            running.remove(number);
            fail(turn.job(), e);
        }
    }

    private void done(Generation generation) {
        Choice choice = Objects.requireNonNull(running.remove(generation.row()));
        try {
            choice.done(generation);
        } catch (RuntimeException e) {
            fail(choice.job(), e);
        }
    }

    /** A token of each row that is wanted. @return false where there is none */
    boolean decode() {
        return generator.decode(row -> Objects.requireNonNull(running.get(row)).isWanted(), listener, this::done);
    }

    /** Rows that are under way. */
    int rows() {
        return generator.rows();
    }

    /** Those of them that are written now. */
    int active() {
        return (int) running.values().stream().filter(Choice::isWanted).count();
    }

    /** Lets the reader go who has been behind for longest, so that its rows end. */
    void cutOffOne() {
        running.values().stream()
                .map(Choice::job)
                .filter(Job::isHeld)
                .min(Comparator.comparingLong(Job::heldSince))
                .ifPresent(Job::cutOff);
    }

    /** Drops all that is under way. @return whose it was */
    Set<Job> abandon() {
        Set<Job> jobs = new HashSet<>();
        running.values().forEach(choice -> jobs.add(choice.job()));
        running.clear();
        generator.abandon();
        return jobs;
    }

    @Override
    public void close() {
        generator.close();
    }
}
