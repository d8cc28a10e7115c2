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
import java.nio.file.Files;
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
        Money money = usd(cost);
        Money most = estimated ? usd("0.50") : money;
        return new Paid(new Usage(10, 4, 20, 15), estimated, money, most);
    }

    private static LedgerEntry.Completed completed(String unit, String answer) {
        Reply reply = new Reply("why \u2028 日本 🌟", answer, "<think>why</think>" + answer, FinishReason.LENGTH, "m-1");
        return new LedgerEntry.Completed(unit, paid("0.10", false), reply, 3, AT);
    }

    private static Money usd(String amount) {
        return new Money(new BigDecimal(amount), "USD");
    }

    private static final LedgerEntry.Asked ASKED = new LedgerEntry.Asked(A, usd("0.50"), 1, AT);

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
        LedgerEntry free = new LedgerEntry.Free(B, "rate_limited", AT);
        LedgerEntry lost = new LedgerEntry.Lost(16, usd("8.5"), AT);
        LedgerEntry batch = new LedgerEntry.BatchBegun(B, List.of(A, B), List.of(usd("0.5"), usd("0.25")), AT);
        LedgerEntry olderBatch = new LedgerEntry.BatchBegun(B, List.of(A), List.of(), AT);
        for (LedgerEntry entry : List.of(
                completed(A, "{\"a\":1}"), plain, told, ATTEMPT, givenUp, ASKED, free, lost, batch, olderBatch)) {
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

    /** A million units are to be cheap: a reply takes a hundred times as much. */
    @Test
    void aRequestTakesLittle() {
        LedgerEntry.Asked asked =
                new LedgerEntry.Asked(A, usd("0.123456"), 1, Instant.parse("2026-01-02T03:04:05.678Z"));
        assertThat(LedgerCodec.encode(asked)).hasSizeLessThan(128);
    }

    @Test
    void aRequestCountsAtWhatWasSetAsideUntilItsEndIsKnown(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("ledger.journal");
        try (Ledger ledger = Ledger.open(file, "USD")) {
            ledger.asking(A, usd("0.50"), 1);
            assertThat(ledger.unanswered()).isEqualTo(new Unanswered(1, usd("0.50")));
            assertThat(ledger.atMost()).isEqualTo(usd("0.50"));
            ledger.append(completed(A, "x"));
            assertThat(ledger.unanswered().requests()).isZero();
            assertThat(ledger.atMost()).isEqualTo(usd("0.10"));
            ledger.asking(B, usd("0.50"), 1);
            ledger.free(B, "rate_limited");
            ledger.asking(B, usd("0.50"), 2);
            ledger.append(
                    new LedgerEntry.Attempt(B, paid("0.02", false), "cut_idle", "", new Received("", "", 0, null), AT));
            ledger.asking(B, usd("0.30"), 3);
            ledger.asking(A, usd("0"), 1); // nothing to lose: no record
        }
        Unanswered lost = new Unanswered(1, usd("0.30"));
        assertThat(LedgerAccount.read(file).unanswered()).contains(lost);
        long bytes;
        try (Ledger ledger = Ledger.open(file, "USD")) {
            // the unit is asked again, and answered: that is no end of the request before the kill
            ledger.asking(B, usd("0.50"), 1);
            ledger.append(completed(B, "y"));
            ledger.free(B, "nobody asked");
            assertThat(ledger.unanswered()).isEqualTo(lost);
            assertThat(ledger.spent()).isEqualTo(usd("0.22"));
            assertThat(ledger.atMost()).isEqualTo(usd("0.52"));
            bytes = Files.size(file);
        }
        Ledger.open(file, "USD").close();
        LedgerAccount account = LedgerAccount.read(file);
        assertThat(account.unanswered()).contains(lost);
        assertThat(account.atMost()).containsExactly(usd("0.52"));
        // two orderly ends of 16 bytes: what is lost is written down once
        assertThat(Files.size(file)).isEqualTo(bytes + 32);
        assertThatThrownBy(() -> Ledger.open(file, "CNY"))
                .hasMessageContaining("must be in the tariff's currency, CNY");
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

    /** Longer than Jackson reads unless it is told to: a ledger that holds such a reply can be read. */
    @Test
    void aLongReplyComesBackToo() {
        SaidTokens.Builder tokens = new SaidTokens.Builder();
        byte[] token = new byte[1 << 20];
        for (int i = 0; i < 16; i++) {
            tokens.token(SaidTokens.Part.ANSWER, token, -1);
        }
        Reply told = new Reply(null, "x", "x", FinishReason.STOP, "m", ReasoningKind.WHOLE, tokens.build());
        checkLong(new LedgerEntry.Completed(A, paid("0.1", false), told, 1, AT));
        String text = "x".repeat(21_000_000);
        checkLong(new LedgerEntry.Completed(
                A, paid("0.1", false), new Reply(null, text, text, FinishReason.STOP, "m"), 1, AT));
    }

    private static void checkLong(LedgerEntry.Completed entry) {
        byte[] bytes = LedgerCodec.encode(entry);
        assertThat(bytes).hasSizeGreaterThan(20_000_000);
        assertThat(LedgerCodec.decode(bytes).equals(entry)).isTrue();
        assertThat(LedgerCodec.decodeWithoutTexts(bytes).unit()).isEqualTo(A);
    }
}
