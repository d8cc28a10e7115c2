package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;

/**
 * Requests of which nobody knows what came of them: they were on their way when the process ended that sent them, or were cut off before
 * the first word. The provider may charge for them.
 *
 * @param atMost what was set aside for them, which is what a budget counts
 */
public record Unanswered(int requests, Money atMost) {
    static Unanswered none(String currency) {
        return new Unanswered(0, Money.zero(currency));
    }

    Unanswered plus(Unanswered more) {
        return new Unanswered(requests + more.requests, atMost.plus(more.atMost));
    }

    @Override
    public String toString() {
        return atMost + " at most for " + requests + (requests == 1 ? " request" : " requests")
                + " that nobody saw the end of";
    }
}
