package dev.distill.teacher.wire;

import dev.distill.data.trace.Message;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.TeacherRequest;
import dev.distill.teacher.dialect.DialectGuess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out how a server is to be asked: with one small question, asked again only where the server refuses a word of it, which costs nothing.
 */
public final class DialectProbe {
    /** Tokens of the reply at most: enough for reasoning models to show where their reasoning goes. */
    private static final int MOST_TOKENS = 512;

    /** Of an address that refuses one word after the other. */
    private static final int MOST_REQUESTS = 6;

    private final Endpoint endpoint;
    private final ApiKey key;
    private final Patience patience;
    private final TeacherRequest request;

    /**
     * @param endpoint with the first guess as its dialect
     * @param sampling of the harvest, whose parameters are tried
     */
    public DialectProbe(Endpoint endpoint, ApiKey key, Sampling sampling, Patience patience) {
        this.endpoint = endpoint;
        this.key = key;
        this.patience = patience;
        Sampling small = sampling.withMaxTokens(Math.min(sampling.maxTokens(), MOST_TOKENS));
        this.request = new TeacherRequest(List.of(Message.user("What is 2 + 3?")), small, 0);
    }

    /** What is asked. */
    public TeacherRequest request() {
        return request;
    }

    /**
     * What came of it.
     *
     * @param guess the last, with the dialect that was taken
     * @param findings what each step found out
     * @param exchange the last
     */
    public record Found(DialectGuess guess, List<String> findings, Exchange exchange) {
        public Found {
            findings = List.copyOf(findings);
        }

        /** Whether the server took the last guess. */
        public boolean isSettled() {
            return switch (exchange.outcome()) {
                case Outcome.Completed c -> true;
                case Outcome.EmptyReply e -> true;
                case Outcome.Refused r -> true;
                case Outcome.OutOfResources o -> false;
                case Outcome.CutStream c -> false;
                case Outcome.RateLimited r -> false;
                case Outcome.Overloaded o -> false;
                case Outcome.Unreachable u -> false;
                case Outcome.Unauthorized u -> false;
                case Outcome.OutOfBalance o -> false;
                case Outcome.NotFound n -> false;
                case Outcome.BadRequest b -> false;
            };
        }
    }

    /** Asks, beginning with this guess. */
    public Found ask(DialectGuess first) {
        List<String> findings = new ArrayList<>(List.of(first.finding()));
        DialectGuess guess = first;
        for (int left = MOST_REQUESTS; ; left--) {
            Exchange exchange = ask(guess, request);
            Optional<DialectGuess> next = exchange.outcome() instanceof Outcome.BadRequest refused && left > 1
                    ? guess.after(refused)
                    : Optional.empty();
            if (next.isEmpty()) {
                return end(guess, findings, exchange);
            }
            guess = next.get();
            findings.add(guess.finding());
        }
    }

    private static Found end(DialectGuess guess, List<String> findings, Exchange exchange) {
        if (exchange.outcome() instanceof Outcome.Completed(var reply)) {
            DialectGuess last = guess.after(reply);
            findings.add(last.finding());
            return new Found(last, findings, exchange);
        }
        return new Found(guess, findings, exchange);
    }

    private Exchange ask(DialectGuess guess, TeacherRequest asked) {
        Endpoint guessed = new Endpoint(endpoint.url(), endpoint.model(), guess.dialect());
        try (HttpTeacher teacher = new HttpTeacher(guessed, key, patience)) {
            return teacher.ask(asked);
        }
    }
}
