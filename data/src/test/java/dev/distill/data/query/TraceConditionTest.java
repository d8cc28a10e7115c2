package dev.distill.data.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.data.trace.Verdict;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which conditions hold of one trace; that they mean what SQL says is asked of DuckDB elsewhere. */
class TraceConditionTest {
    private static final Trace TRACE = new Trace(
            "t1",
            "p1",
            3,
            List.of(Message.system("Be brief."), Message.user("What is 2 + 2?")),
            "Two and two make four \uD83D\uDE42.",
            "It's \\boxed{4}",
            "raw",
            FinishReason.STOP,
            null,
            "set",
            "teacher",
            new TreeMap<>(Map.of("temperature", "0.6")),
            new Usage(10, 4, 700, 600),
            new Money(new BigDecimal("0.00120"), "USD"),
            2,
            Instant.parse("2026-01-31T12:00:00.5Z"),
            List.of(
                    Verdict.fail("math", "5, the reference is 4"),
                    Verdict.pass("math", "4"),
                    Verdict.fail("refusal:policy", "I cannot")),
            "maths",
            null,
            new TreeMap<>(Map.of("uuid", "u-1", "no word", "x")));

    private static boolean holds(String condition) {
        return TraceCondition.of(condition).test(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id = 't1' AND prompt_id = 'p1' AND sample = 3 AND attempts = 2",
                "question = 'What is 2 + 2?'",
                "answer = 'It''s \\boxed{4}'",
                "length(reasoning) = 24", // a smile is one character
                "finish = 'stop' and FINISH_REASON = \"finish\"",
                "reference IS NULL AND licence is null AND domain IS NOT NULL",
                "usage.prompt_tokens + usage.cache_hit_tokens * 2 = 18 AND usage.reasoning_tokens / 7 > 85.7",
                "cost.amount = 0.0012 AND cost.currency = 'USD'",
                "completed_at >= '2026-01-31' AND completed_at = '2026-01-31T12:00:00.500000Z'",
                "number(parameters.temperature) BETWEEN 0.5 AND 0.6",
                "extra.uuid = 'u-1' AND extra.\"no word\" = 'x' AND extra.other IS NULL",
                "verdicts.math = 'pass' AND reasons.math = '4'",
                "verdicts.\"refusal:policy\" = 'fail'",
                "raw_reply LIKE 'r_w' AND NOT raw_reply LIKE '_w' AND raw_reply NOT LIKE 'ra'",
                "lower(source || 'X') = 'setx' AND upper(teacher) = 'TEACHER'",
                "-usage.prompt_tokens < - 9 AND NOT NOT true",
                "1 = 2 OR (sample IN (1, 3) AND sample NOT IN (2, 4))",
                "reference = 'x' OR TRUE",
                "(reference = 'x') IS NULL AND sample / 0 IS NULL AND number(id) IS NULL",
            })
    void whatHolds(String condition) {
        assertThat(holds(condition)).as(condition).isTrue();
        assertThat(holds("NOT (" + condition + ")")).as("not " + condition).isFalse();
    }

    /** Neither of it nor of its contrary can be said that it holds. */
    @ParameterizedTest
    @ValueSource(strings = {"reference = 'x'", "reference <> 'x'", "reference LIKE '%'", "reference IN ('x')"})
    void whatIsNotKnownPicksNothing(String condition) {
        assertThat(holds(condition)).as(condition).isFalse();
        assertThat(holds("NOT " + condition)).as("not " + condition).isFalse();
        assertThat(holds(condition + " AND true")).isFalse();
        assertThat(holds("NOT (" + condition + " AND false)")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "answr = 'x' | character 1: there is no column answr; there are id, prompt_id, sample,",
                "extra = 'x' | character 1: there is no column extra; there are id,",
                "sample = '3' | character 10: must be a number, 3 is a text; number(...) makes one of a text",
                "sample | character 1: must be a truth, sample is a number; compare it with something",
                "sample = 3 AND answer | character 16: must be a truth, answer is a text",
                "sample LIKE '3' | character 1: must be a text, sample is a number",
                "reference = NULL | character 13: nothing equals NULL; write IS NULL or IS NOT NULL",
                "sample = | character 9: expected a column, a text or a number, got the end",
                "(sample = 3 | character 12: expected ), got the end",
                "sample = 3) | character 11: expected AND, OR or the end, got )",
                "sample NOT 3 | character 12: expected LIKE, ILIKE, IN or BETWEEN, got 3",
                "sample BETWEEN 1 OR 2 | character 18: expected AND, got OR",
                "answer LIKE answer | character 13: LIKE needs a text between single quotes",
                "sqrt(sample) = 2 | character 1: there is no function sqrt; there are length, lower, number, upper",
                "answer = 'x | character 10: ''' begins nothing of a condition; texts stand between single quotes",
                "sample = 3; DROP | character 11: ';' begins nothing of a condition",
                "extra. = 'x' | character 8: expected a name behind extra., got =",
            })
    void whatIsNoConditionIsSaidWithItsPlace(String condition, String message) {
        assertThatThrownBy(() -> TraceCondition.of(condition))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    /** Neither takes more stack or time than there is. */
    @Test
    void conditionsThatAreTooLongOrTooDeepAreRefused() {
        assertThatThrownBy(() -> TraceCondition.of("(".repeat(1_900) + "true" + ")".repeat(1_900)))
                .hasMessageContaining("a condition is at most 100 deep");
        assertThatThrownBy(() -> TraceCondition.of("NOT ".repeat(900) + "true")).hasMessageContaining("100 deep");
        assertThatThrownBy(() -> TraceCondition.of("true OR ".repeat(1_000) + "true"))
                .hasMessage("a condition has at most 4000 characters; got 8004");
        assertThat(holds("1" + "+1".repeat(1_900) + " = 1901")).isTrue();
        assertThat(Wildcards.of("%a".repeat(200) + "b").test("a".repeat(20_000)))
                .isFalse();
    }
}
