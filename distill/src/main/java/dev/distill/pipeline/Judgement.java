package dev.distill.pipeline;

import dev.distill.data.curate.Correctness;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.List;

/**
 * The replies of a judge about one question.
 *
 * @param votes those that can be read, in the order in which they were asked for, no more than are wanted
 * @param unreadable what is wrong with the others
 */
record Judgement(List<JudgeReply.Vote> votes, List<String> unreadable) {
    /** Nothing was replied. */
    static final Judgement NONE = new Judgement(List.of(), List.of());

    private static final String BY = Correctness.JUDGE;

    Judgement {
        votes = List.copyOf(votes);
        unreadable = List.copyOf(unreadable);
    }

    /** @param wanted votes at most; what comes after them counts for nothing */
    static Judgement of(List<JudgeReply> replies, int wanted) {
        return new Judgement(
                replies.stream()
                        .filter(JudgeReply.Vote.class::isInstance)
                        .map(JudgeReply.Vote.class::cast)
                        .limit(wanted)
                        .toList(),
                replies.stream()
                        .filter(JudgeReply.Unreadable.class::isInstance)
                        .map(reply -> ((JudgeReply.Unreadable) reply).why())
                        .toList());
    }

    /** Whether no further reply is asked for: there are enough votes, or as many replies as may be asked for. */
    boolean isWhole(int wanted) {
        return votes.size() >= wanted || votes.size() + unreadable.size() >= 2 * wanted;
    }

    /** What more than half of the votes that were wanted say. The reason begins with a word to count by. */
    Verdict verdict(int wanted) {
        for (Outcome outcome : Outcome.values()) {
            List<JudgeReply.Vote> like =
                    votes.stream().filter(vote -> vote.outcome() == outcome).toList();
            if (2 * like.size() > wanted) {
                String share = wanted == 1 ? "" : like.size() + " of " + wanted + ": ";
                return new Verdict(BY, outcome, word(outcome) + ": " + share + said(like.getFirst()));
            }
        }
        if (!votes.isEmpty()) {
            return Verdict.undecided(
                    BY,
                    "split: " + votes.stream().map(vote -> word(vote.outcome())).toList());
        }
        return unreadable.isEmpty()
                ? Verdict.undecided(BY, "no-reply: the judge gave none")
                : Verdict.undecided(BY, "unreadable: the judge's reply " + unreadable.getLast());
    }

    private static String said(JudgeReply.Vote vote) {
        return vote.answer().isEmpty() ? vote.reason() : "\"" + vote.answer() + "\": " + vote.reason();
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case PASS -> "right";
            case FAIL -> "wrong";
            case UNDECIDED -> "undecided";
        };
    }
}
