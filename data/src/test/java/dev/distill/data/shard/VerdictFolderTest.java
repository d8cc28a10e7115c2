package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.journal.Journal;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictFolderTest {
    private static final TraceVerdict A = new TraceVerdict("a", "00aa", Verdict.pass("code", "passed: 3 tests"));
    private static final TraceVerdict B =
            new TraceVerdict("b", "00bb", Verdict.fail("code", "wrong-answer: test 1 of 2: ß \uD83D\uDE00"));
    private static final TraceVerdict C = new TraceVerdict("c", "00cc", Verdict.undecided("code", "no-code"));

    @TempDir
    Path path;

    private List<TraceVerdict> stored() throws IOException {
        List<TraceVerdict> rows = new ArrayList<>();
        try (VerdictReader reader = VerdictFolder.of(path).open()) {
            for (TraceVerdict row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<TraceVerdict.Key> keys(TraceVerdict... rows) {
        return Stream.of(rows).map(TraceVerdict::key).toList();
    }

    @Test
    void verdictsComeBackInTheOrderOfTheTraces() throws IOException {
        try (VerdictJournal journal = VerdictJournal.open(VerdictFolder.of(path))) {
            journal.append(C);
            journal.append(A);
            journal.append(B);
            journal.drain(keys(A, B, C));
        }

        assertThat(stored()).containsExactly(A, B, C);
        assertThat(path.resolve("verdicts.journal")).doesNotExist();
        assertThat(VerdictFolder.of(path).entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.rows()).hasValue(3));
    }

    @Test
    void whatIsAppendedOutlivesTheProcess() throws IOException {
        VerdictFolder folder = VerdictFolder.of(path);
        try (VerdictJournal journal = VerdictJournal.open(folder)) {
            journal.append(A);
        }
        try (VerdictJournal journal = VerdictJournal.open(folder)) {
            assertThat(journal.verdicts()).containsOnlyKeys(A.key()).containsEntry(A.key(), A);
        }
    }

    @Test
    void laterOnesComeBesideThoseInFiles() throws IOException {
        VerdictFolder folder = VerdictFolder.of(path);
        try (VerdictJournal journal = VerdictJournal.open(folder)) {
            journal.append(A);
            journal.append(C);
            journal.drain(keys(A, C));
        }
        try (VerdictJournal journal = VerdictJournal.open(folder)) {
            assertThat(journal.verdicts()).containsOnlyKeys(A.key(), C.key());
            journal.append(B);
            journal.drain(keys(B, A)); // c's trace is no longer there
        }

        assertThat(stored()).containsExactly(B, A);
    }

    @Test
    void filesThatWouldHoldTheSameStay() throws IOException {
        VerdictFolder folder = VerdictFolder.of(path);
        try (VerdictJournal journal = VerdictJournal.open(folder)) {
            journal.append(A);
            journal.append(C);
            journal.drain(keys(A, C));
        }
        FileTime longAgo = FileTime.fromMillis(0);
        Files.setLastModifiedTime(folder.files().getFirst(), longAgo);
        try (VerdictJournal journal = VerdictJournal.open(folder)) {
            journal.append(C);
            journal.drain(keys(A, C));
        }

        assertThat(Files.getLastModifiedTime(folder.files().getFirst())).isEqualTo(longAgo);
        assertThat(path.resolve("verdicts.journal")).doesNotExist();
        assertThat(stored()).containsExactly(A, C);
    }

    @Test
    void aLaterVerdictAboutATraceTakesTheEarliersPlace() throws IOException {
        TraceVerdict later = new TraceVerdict("a", A.about(), Verdict.undecided("code", "no-tests"));
        for (TraceVerdict row : List.of(A, later)) {
            try (VerdictJournal journal = VerdictJournal.open(VerdictFolder.of(path))) {
                journal.append(row);
                journal.drain(keys(row));
            }
        }

        assertThat(stored()).containsExactly(later);
    }

    @Test
    void tracesOfOneIdWithOtherAnswersHaveVerdictsOfTheirOwn() throws IOException {
        TraceVerdict twin = new TraceVerdict("a", "22aa", Verdict.fail("code", "wrong-answer: test 1 of 3"));
        try (VerdictJournal journal = VerdictJournal.open(VerdictFolder.of(path))) {
            journal.append(twin);
            journal.append(A);
            journal.drain(keys(A, twin));
        }

        assertThat(stored()).containsExactly(A, twin);
    }

    @Test
    void aFolderThatIsNotThereHasNone() throws IOException {
        path = path.resolve("none");

        assertThat(stored()).isEmpty();
    }

    @Test
    void anotherProgramsRecordIsRefused() throws IOException {
        try (Journal journal = Journal.open(path.resolve("verdicts.journal"), _ -> {})) {
            journal.append(new byte[] {'X'});
        }

        assertThatThrownBy(() -> VerdictJournal.open(VerdictFolder.of(path)))
                .isInstanceOf(ShardException.class)
                .hasMessageContainingAll("verdicts.journal", "kind 'X'", "newer program");
        assertThat(Files.exists(path.resolve("verdicts.journal"))).isTrue();
    }
}
