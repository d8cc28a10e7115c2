package dev.distill.serve;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the answers that wait begins next. In one step at most one prompt is read or scored, so that those who are being answered have a token
 * between any two. The fair queue's first is next; while the cache has no room for it, smaller ones of other clients may pass it, but not for
 * ever. Only the thread that decodes may call it.
 */
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    /** How often one that waits for room may be passed, for each slot: about so many rows end meanwhile. */
    private static final int PATIENCE = 4;

    private final FairQueue<Turn> queue;
    private final Batch batch;
    private final PromptScorer scorer;
    private final int slots;
    private @Nullable Turn large; // the first one, which waits for room
    private int passed;

    Admission(FairQueue<Turn> queue, Batch batch, PromptScorer scorer, int slots) {
        this.queue = queue;
        this.batch = batch;
        this.scorer = scorer;
        this.slots = slots;
    }

    private enum Done {
        NOTHING,
        /** One less waits, and no prompt had to be read for it. */
        BEGUN,
        /** A prompt was read or scored. */
        READ
    }

    /** @return whether anything was done */
    boolean admit() {
        if (batch.rows() - batch.active() > slots) {
            batch.cutOffOne();
        }
        boolean some = false;
        boolean read = false;
        for (int i = 0; i < slots && batch.active() < slots; i++) {
            Done done = one(!read);
            if (done == Done.NOTHING) {
                break;
            }
            some = true;
            read |= done == Done.READ;
        }
        return some;
    }

    private Done one(boolean mayRead) {
        boolean passing = false;
        for (FairQueue.Head<Turn> head : queue.heads(turn -> !turn.job().isHeld())) {
            Turn turn = head.work();
            if (!turn.job().isOpen() || turn.isEmpty() && !turn.needsScores()) {
                end(head);
                return Done.BEGUN;
            }
            boolean reads = turn.needsScores() || !batch.remembers(turn);
            if (reads && !mayRead) {
                return Done.NOTHING; // not passed by those whose prompts are there already: it is next
            }
            if (turn.needsScores()) {
                score(head);
                return Done.READ;
            }
            if (batch.hasRoom(turn)) {
                passed += passing ? 1 : 0;
                begin(head, reads);
                return reads ? Done.READ : Done.BEGUN;
            }
            if (!passing && !mayBePassed(head)) {
                return Done.NOTHING;
            }
            passing = true;
        }
        return Done.NOTHING;
    }

    /** Nothing is to be written for it, or nobody waits for it. */
    private void end(FairQueue.Head<Turn> head) {
        queue.take(head, 0);
        try {
            head.work().job().endedEmpty(head.work().row());
        } catch (RuntimeException e) {
            Batch.fail(head.work().job(), e);
        }
    }

    private void score(FairQueue.Head<Turn> head) {
        Job job = head.work().job();
        int prompt = head.work().prompt();
        int[] ids = head.work().ids();
        queue.charge(head.client(), ids.length);
        try {
            job.scored(prompt, scorer.scores(ids, job.order().told().likeliest(), job::isOpen));
        } catch (CancellationException e) {
            LOG.debug("serve: {}", e.getMessage());
        } catch (RuntimeException | OutOfMemoryError e) {
            Batch.fail(job, e);
        }
    }

    private void begin(FairQueue.Head<Turn> head, boolean reads) {
        Turn turn = head.work();
        if (queue.take(head, reads ? turn.ids().length : 1)) {
            turn.job().begun(turn.prompt());
            batch.begin(turn);
        }
    }

    /** There is no room for the first one now. */
    private boolean mayBePassed(FairQueue.Head<Turn> head) {
        Turn turn = head.work();
        if (turn != large) {
            large = turn;
            passed = 0;
        }
        if (batch.rows() == 0) {
            LOG.error("serve: an empty cache has no room for {} tokens", turn.ids().length);
            queue.take(head, 0);
            turn.job().fail(ApiError.internal());
            return false;
        }
        if (batch.active() == 0) {
            batch.cutOffOne(); // all who have the room do not read
        }
        return passed < PATIENCE * slots;
    }
}
