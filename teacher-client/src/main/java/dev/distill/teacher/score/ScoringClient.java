package dev.distill.teacher.score;

import dev.distill.teacher.Outcome;
import dev.distill.teacher.ScoredText;
import dev.distill.teacher.Scoring;
import dev.distill.teacher.ScoringRequest;
import dev.distill.teacher.dialect.ScoringForm;
import dev.distill.teacher.pace.Backoff;
import dev.distill.teacher.pace.Gate;
import dev.distill.teacher.pace.Policy;
import dev.distill.teacher.wire.HttpScorer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that scores texts, asked until it answers or there is no hope. The first form that it takes is kept; where it refuses one, the next is
 * tried. Waits, retries and the number in flight follow {@code dev.distill.teacher.pace}. Safe for many threads.
 */
public final class ScoringClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScoringClient.class);

    private final HttpScorer server;
    private final String name;
    private final Backoff backoff;
    private final int attempts;
    private final Gate gate;
    private final Set<ScoringForm> taken = EnumSet.noneOf(ScoringForm.class);

    /**
     * @param name of the server, for messages
     * @param attempts of a text in one form, at most
     * @param inFlight requests at a time, at most
     */
    public ScoringClient(HttpScorer server, String name, Backoff backoff, int attempts, int inFlight) {
        this.server = server;
        this.name = name;
        this.backoff = backoff;
        this.attempts = attempts;
        this.gate = new Gate(inFlight);
    }

    /** @throws ScoringException if the server does not score it; the message says why */
    public ScoredText score(ScoringRequest request) throws ScoringException {
        @Nullable ScoringException first = null;
        for (ScoringForm form : forms(request.ids())) {
            try {
                ScoredText scored = score(form, request);
                remember(form);
                return scored;
            } catch (ScoringException e) {
                if (e.concernsAll() || isTaken(form)) {
                    throw e;
                }
                first = first == null ? e : first;
            }
        }
        if (first == null) {
            throw new IllegalStateException("no form was tried");
        }
        throw first;
    }

    /** The form that it takes, else all that may do. */
    private synchronized List<ScoringForm> forms(boolean ids) {
        List<ScoringForm> all = ids
                ? List.of(ScoringForm.ECHO_IDS, ScoringForm.ECHO, ScoringForm.PROMPT_LOGPROBS)
                : List.of(ScoringForm.ECHO, ScoringForm.PROMPT_LOGPROBS);
        return all.stream().filter(taken::contains).findFirst().map(List::of).orElse(all);
    }

    private synchronized boolean isTaken(ScoringForm form) {
        return taken.contains(form);
    }

    private synchronized void remember(ScoringForm form) {
        taken.add(form);
    }

    private ScoredText score(ScoringForm form, ScoringRequest request) throws ScoringException {
        Random jitter = new Random(request.text().hashCode());
        for (int attempt = 1; ; attempt++) {
            Outcome outcome;
            switch (ask(form, request)) {
                case Scoring.Scored(ScoredText text) -> {
                    return text;
                }
                case Scoring.Failed(Outcome why) -> outcome = why;
            }
            if (Policy.of(outcome) != Policy.RETRY || attempt == attempts) {
                throw new ScoringException(name, outcome, attempt);
            }
            LOG.debug("{}: {}, asked again", name, outcome.word());
            try {
                Thread.sleep(backoff.delay(attempt - 1, outcome.advice(), jitter));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ScoringException(name, outcome, attempt);
            }
        }
    }

    private Scoring ask(ScoringForm form, ScoringRequest request) {
        long place = gate.enter();
        if (place < 0) {
            return new Scoring.Failed(new Outcome.CutStream(Outcome.Cut.CANCELLED, "closed"));
        }
        boolean tooMany = false;
        long sent = System.nanoTime();
        try {
            Scoring scoring = server.ask(form, request);
            if (scoring instanceof Scoring.Scored(ScoredText text)) {
                gate.begun(place, Duration.ofNanos(System.nanoTime() - sent));
            }
            tooMany = scoring instanceof Scoring.Failed(Outcome.RateLimited limited);
            return scoring;
        } finally {
            gate.leave(place, tooMany);
        }
    }

    /** Ends what is in flight. */
    @Override
    public void close() {
        gate.close();
        server.close();
    }
}
