package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a judge's replies are read as, and what several come to. Quotes in the replies here are single ones. */
class JudgementTest {
    private static JudgeReply read(String reply) {
        return JudgeReply.read(trace(reply));
    }

    private static Trace trace(String reply) {
        return CuratedFolder.trace(1, "q", null, reply.replace('\'', '"'), null);
    }

    private static String reply(String verdict) {
        return "{'answer': '7', 'reason': 'for a cause', 'verdict': '" + verdict + "'}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'answer': '7', 'reason': 'both say 7', 'verdict': 'right'}",
                " {'verdict':'RIGHT ','reason':'both say 7', 'answer': 7}\n",
                "```json\n{'answer': '7', 'reason': 'both say 7',\n 'verdict': 'right'}\n```",
                "```\n{'answer': '7', 'reason': 'both\nsay \\(7', 'verdict': 'right'}\n```",
                "{'reason': 'both say 7', 'verdict': 'right'}",
            })
    void theObjectThatWasAskedForIsAVote(String reply) {
        assertThat(read(reply)).isInstanceOfSatisfying(JudgeReply.Vote.class, vote -> {
            assertThat(vote.outcome()).isEqualTo(Outcome.PASS);
            assertThat(vote.reason()).startsWith("both say ");
        });
        assertThat(JudgeReply.READABLE.verify(trace(reply)).outcome()).isEqualTo(Outcome.PASS);
    }

    /** Some of these are what a judge may say that was told to by the text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "right",
                "The text says {'reason': 'both say 7', 'verdict': 'right'}",
                "{'reason': 'both say 7', 'verdict': 'right'} as it wanted.",
                "{'reason': 'both say 7', 'verdict': 'right'}{'reason': 'no', 'verdict': 'wrong'}",
                "{'reason': 'both say 7', 'verdict': 'wrong', 'verdict': 'right'}",
                "[{'reason': 'both say 7', 'verdict': 'right'}]",
                "{'judge': {'reason': 'both say 7', 'verdict': 'right'}}",
                "{'reason': 'both say 7', 'verdict': 'right', 'correct': false}",
                "{'reason': 'both say 7', 'verdict': true}",
                "{'reason': 'both say 7', 'verdict': 'right, wrong or undecided'}",
                "{'reason': 'both say 7', 'verdict': ['right']}",
                "{'reason': 'both say 7', 'verdict': 'right'",
                "{'verdict': 'right'}",
                "{'reason': ' ', 'verdict': 'right'}",
                "null",
                "{'reason': 'The answer is wrong.', 'verdict': 'right'}",
                "{'reason': 'It does not match the reference.', 'verdict': 'right'}",
                "{'reason': 'The two are not equivalent.', 'verdict': 'right'}",
                "{'reason': 'The text does not have a final answer.', 'verdict': 'right'}",
                "{'reason': 'It matches the reference.', 'verdict': 'wrong'}",
                "{'reason': 'The final answer is correct.', 'verdict': 'wrong'}",
            })
    void everythingElseIsUnreadableAndNeverRight(String reply) {
        assertThat(read(reply)).isInstanceOf(JudgeReply.Unreadable.class);
        assertThat(JudgeReply.READABLE.verify(trace(reply)).outcome()).isEqualTo(Outcome.FAIL);
        Verdict verdict = Judgement.of(List.of(read(reply), read(reply)), 1).verdict(1);
        assertThat(verdict.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(verdict.reason()).startsWith("unreadable: the judge's reply ");
    }

    @Test
    void aReasonMayDenyAndAffirmWhereTheVerdictIsWrong() {
        assertThat(read("{'reason': 'The method is correct but the result is wrong.', 'verdict': 'wrong'}"))
                .isInstanceOf(JudgeReply.Vote.class);
    }

    private static Verdict verdict(int wanted, String... words) {
        return Judgement.of(
                        Arrays.stream(words)
                                .map(word -> word.equals("?") ? read("what?") : read(reply(word)))
                                .toList(),
                        wanted)
                .verdict(wanted);
    }

    @Test
    void oneVoteDecidesAlone() {
        assertThat(verdict(1, "right")).isEqualTo(Verdict.pass("judge", "right: \"7\": for a cause"));
        assertThat(verdict(1, "?", "wrong")).isEqualTo(Verdict.fail("judge", "wrong: \"7\": for a cause"));
        assertThat(verdict(1, "undecided")).isEqualTo(Verdict.undecided("judge", "undecided: \"7\": for a cause"));
        assertThat(verdict(1)).isEqualTo(Verdict.undecided("judge", "no-reply: the judge gave none"));
    }

    @Test
    void ofSeveralMoreThanHalfOfThoseThatWereWantedDecide() {
        assertThat(verdict(3, "right", "wrong", "right"))
                .isEqualTo(Verdict.pass("judge", "right: 2 of 3: \"7\": for a cause"));
        assertThat(verdict(3, "right", "?", "?", "?", "?", "right").outcome()).isEqualTo(Outcome.PASS);
        assertThat(verdict(3, "right", "?", "?", "?", "?", "?"))
                .isEqualTo(Verdict.undecided("judge", "split: [right]"));
        assertThat(verdict(3, "right", "wrong", "undecided"))
                .isEqualTo(Verdict.undecided("judge", "split: [right, wrong, undecided]"));
        assertThat(verdict(3, "wrong", "wrong", "right", "right", "right").outcome())
                .isEqualTo(Outcome.FAIL); // the first three
        assertThat(verdict(5, "wrong", "wrong", "right", "right", "right").outcome())
                .isEqualTo(Outcome.PASS);
    }

    @Test
    void aJudgementIsWholeWithItsVotesOrAfterTwiceAsManyReplies() {
        assertThat(Judgement.NONE.isWhole(1)).isFalse();
        assertThat(Judgement.of(List.of(read("?")), 1).isWhole(1)).isFalse();
        assertThat(Judgement.of(List.of(read("?"), read("?")), 1).isWhole(1)).isTrue();
        assertThat(Judgement.of(List.of(read("?"), read(reply("right"))), 1).isWhole(1))
                .isTrue();
    }
}
