package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.journal.Journal;
import dev.distill.data.shard.SaidTokens;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.ReasoningKind;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final String A = Hash.of(List.of("a"));
    private static final String B = Hash.of(List.of("b"));

    private static Paid paid(String cost, boolean estimated) {
        Money money = new Money(new BigDecimal(cost), "USD");
        Money most = estimated ? new Money(new BigDecimal("0.50"), "USD") : money;
        return new Paid(new Usage(10, 4, 20, 15), estimated, money, most);
    }

    private static LedgerEntry.Completed completed(String unit, String answer) {
        Reply reply = new Reply("why \u2028 日本 🌟", answer, "<think>why</think>" + answer, FinishReason.LENGTH, "m-1");
        return new LedgerEntry.Completed(unit, paid("0.10", false), reply, 3, AT);
    }

    private static final LedgerEntry.Attempt ATTEMPT = new LedgerEntry.Attempt(
            A, paid("0.02", true), "cut_idle", "no byte", new Received("half a th", "", 4, null), AT);

    @Test
    void everyKindOfEntryComesBackAsItWas() {
        LedgerEntry plain = new LedgerEntry.Completed(
                A, paid("1E-7", false), new Reply(null, "x", "x", FinishReason.STOP, ""), 1, AT);
        SaidTokens.Builder tokens = new SaidTokens.Builder();
        tokens.token(SaidTokens.Part.ANSWER, new byte[] {120}, -1);
        LedgerEntry told = new LedgerEntry.Completed(
                A,
                paid("0.1", false),
                new Reply("y", "x", "x", FinishReason.STOP, "", ReasoningKind.SUMMARY, tokens.build()),
                1,
                AT);
        LedgerEntry givenUp = new LedgerEntry.GivenUp(B, "bad_request", "status 422: no", 1, true, AT);
        for (LedgerEntry entry : List.of(completed(A, "{\"a\":1}"), plain, told, ATTEMPT, givenUp)) {
            byte[] bytes = LedgerCodec.encode(entry);
            LedgerEntry back = LedgerCodec.decode(bytes);
            // money may be spelt differently (1E-7 and 0.0000001), the amount is the same
            assertThat(LedgerCodec.encode(back)).isEqualTo(bytes);
            assertThat(back)
                    .usingRecursiveComparison()
                    .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                    .isEqualTo(entry);
            assertThat(LedgerCodec.unit(bytes)).isEqualTo(entry.unit());
        }
    }

    @Test
    void knowsAfterReopeningWhatItKnewBefore(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("ledger.journal");
        try (Ledger ledger = Ledger.open(file, "USD")) {
            ledger.append(ATTEMPT);
            ledger.append(completed(A, "first"));
            ledger.append(completed(A, "bought again by mistake"));
            ledger.append(new LedgerEntry.GivenUp(B, "overloaded", "", 6, false, AT));
            check(ledger);
        }
        try (Ledger ledger = Ledger.open(file, "USD")) {
            check(ledger);
            List<String> answers = new ArrayList<>();
            ledger.completions(A::equals, entry -> answers.add(entry.reply().answer()));
            assertThat(answers).containsExactly("first", "bought again by mistake");
        }
        assertThatThrownBy(() -> Ledger.open(file, "CNY"))
                .hasMessageContaining("must be in the tariff's currency, CNY; got USD");
        // a ledger that could not be opened is not left locked
        Ledger.open(file, "USD").close();
    }

    /** Advice to take another folder would be advice to buy everything again. */
    @Test
    void aRecordThatMakesNoSenseIsDamageAndNotAnotherCurrency(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("ledger.journal");
        String noNumber = new String(LedgerCodec.encode(completed(A, "x")), StandardCharsets.UTF_8)
                .replace("\"cost\":\"0.10\"", "\"cost\":\"0.1o\"");
        try (Journal journal = Journal.open(file, record -> {})) {
            journal.append(noNumber.getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> Ledger.open(file, "USD"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(file.toString(), "cannot be understood", "Restore the file from a copy")
                .hasMessageNotContainingAny("currency", "another folder");
    }

    private static void check(Ledger ledger) {
        assertThat(ledger.spent().amount()).isEqualByComparingTo("0.22");
        assertThat(ledger.estimated().amount()).isEqualByComparingTo("0.02");
        assertThat(ledger.atMost().amount()).isEqualByComparingTo("0.70");
        assertThat(ledger.boughtTokens()).isEqualTo(90);
        assertThat(ledger.standing(A).isSettled()).isTrue();
        Money wasted = ledger.standing(A).failedAttemptsCost();
        assertThat(wasted).isEqualTo(new Money(new BigDecimal("0.02"), "USD"));
        assertThat(ledger.standing(B).isSettled()).isFalse();
        assertThat(ledger.standing(B).givenUp()).isEqualTo("overloaded");
    }
}
