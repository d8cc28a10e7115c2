package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is paid for is there after any end, and then in the folder's files. */
class DistributionJournalTest {
    private static final DistributionSource SOURCE = new DistributionSource("aa", "teacher", "ff", 2, 1);

    @TempDir
    Path folder;

    private static TeacherDistributions row(String id) {
        SparseDistributions one = new SparseDistributions(2, new int[] {5, 3}, new float[] {-0.5f, -2});
        return new TeacherDistributions(id, "hash of " + id, 1, 2, one.encode());
    }

    @Test
    void whatWasAppendedIsThereAfterAKill() throws IOException {
        try (DistributionJournal journal = DistributionJournal.open(folder, SOURCE)) {
            journal.append(row("a"));
            journal.append(row("b"));
        }
        Path file = folder.resolve("teacher.journal");
        Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND); // a torn frame
        try (DistributionJournal journal = DistributionJournal.open(folder, SOURCE)) {
            assertThat(journal.of("a")).usingRecursiveComparison().isEqualTo(row("a"));
            assertThat(journal.of("b")).usingRecursiveComparison().isEqualTo(row("b"));
            assertThat(journal.of("c")).isNull();
        }
    }

    @Test
    void drainedItIsFilesInTheOrderOfTheTracesAndNoJournal() throws IOException {
        DistributionFolder files = new DistributionFolder(folder);
        try (DistributionJournal journal = DistributionJournal.open(folder, SOURCE)) {
            journal.append(row("b"));
            journal.append(row("a"));
            journal.drain(files, List.of("a", "b", "c"));
        }
        List<String> ids = new ArrayList<>();
        files.forEach(SOURCE, row -> ids.add(row.traceId()));
        assertThat(ids).containsExactly("a", "b");
        assertThat(folder.resolve("teacher.journal")).doesNotExist();
    }

    @Test
    void anotherTeachersJournalIsRefused() throws IOException {
        DistributionJournal.open(folder, SOURCE).close();
        DistributionSource other = new DistributionSource("aa", "another", "00", 2, 1);
        assertThatThrownBy(() -> DistributionJournal.open(folder, other))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("was taken from DistributionSource[tokenizer=aa, teacher=teacher");
        DistributionJournal.open(folder, SOURCE).close(); // and left as it was
    }
}
