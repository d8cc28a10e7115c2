package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is paid for is there after any end, and then in the folder's files. */
class DistributionJournalTest {
    private static final DistributionSource SOURCE = new DistributionSource("aa", "teacher", "ff", 2, 1);

    @TempDir
    Path folder;

    private DistributionFolder files() {
        return new DistributionFolder(folder);
    }

    private List<String> filed() throws IOException {
        List<String> ids = new ArrayList<>();
        files().forEach(SOURCE, row -> ids.add(row.traceId()));
        return ids;
    }

    private static TeacherDistributions row(String id) {
        SparseDistributions one = new SparseDistributions(2, new int[] {5, 3}, new float[] {-0.5f, -2});
        return new TeacherDistributions(id, "hash of " + id, 1, 2, one.encode());
    }

    @Test
    void whatWasAppendedIsThereAfterAKill() throws IOException {
        try (DistributionJournal journal = DistributionJournal.open(files(), SOURCE)) {
            journal.append(row("a"));
            journal.append(row("b"));
        }
        Path file = folder.resolve("teacher.journal");
        Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND); // a torn frame
        try (DistributionJournal journal = DistributionJournal.open(files(), SOURCE)) {
            List<TeacherDistributions> rows = new ArrayList<>();
            journal.forEach(rows::add);
            assertThat(rows).usingRecursiveComparison().isEqualTo(List.of(row("a"), row("b")));
        }
    }

    @Test
    void drainedItIsFilesInTheOrderOfAppendingAndNoJournal() throws IOException {
        try (DistributionJournal journal = DistributionJournal.open(files(), SOURCE)) {
            journal.append(row("b"));
            journal.append(row("a"));
            journal.drain();
        }
        assertThat(filed()).containsExactly("b", "a");
        assertThat(folder.resolve("teacher.journal")).doesNotExist();
    }

    /** It outlives a journal that became a file, and goes once its row is there. */
    @Test
    void aHeldReplyStaysUntilItsRowComes() throws IOException {
        try (DistributionJournal journal = DistributionJournal.open(files(), SOURCE, 9)) {
            journal.hold(held("a"));
            journal.hold(held("b"));
            journal.append(row("b"));
            assertThat(filed()).containsExactly("b");
        }
        try (DistributionJournal journal = DistributionJournal.open(files(), SOURCE)) {
            assertThat(journal.held()).usingRecursiveComparison().isEqualTo(List.of(held("a")));
            journal.append(row("a"));
            assertThat(journal.held()).isEmpty();
        }
        try (DistributionJournal journal = DistributionJournal.open(files(), SOURCE)) {
            assertThat(journal.held()).isEmpty();
        }
    }

    private static HeldReply held(String id) {
        return new HeldReply(id, "hash of " + id, ("reply about " + id).getBytes(StandardCharsets.UTF_8));
    }

    /** Nine bytes a row (a count, two ids of one byte, three numbers of two), so every third fills a journal of twenty-one. */
    @Test
    void fullItBecomesAFileAndMemoryHoldsNoMore() throws IOException {
        try (DistributionJournal journal = DistributionJournal.open(files(), SOURCE, 21)) {
            for (String id : List.of("a", "b", "c", "d")) {
                journal.append(row(id));
            }
            assertThat(filed()).containsExactly("a", "b", "c");
            List<TeacherDistributions> rows = new ArrayList<>();
            journal.forEach(rows::add);
            assertThat(rows).usingRecursiveComparison().isEqualTo(List.of(row("d")));
        }
        try (DistributionJournal journal = DistributionJournal.open(files(), SOURCE, 21)) {
            journal.drain();
        }
        assertThat(filed()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void manyThreadsLoseNothingWhileItIsDrained() throws Exception {
        try (DistributionJournal journal = DistributionJournal.open(files(), SOURCE, 21)) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 60; i++) {
                    TeacherDistributions row = row("t" + i);
                    Future<?> ignored = threads.submit(() -> {
                        journal.append(row);
                        return row;
                    });
                }
            }
            journal.drain();
        }
        assertThat(filed()).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void anotherTeachersJournalIsRefused() throws IOException {
        DistributionJournal.open(files(), SOURCE).close();
        DistributionSource other = new DistributionSource("aa", "another", "00", 2, 1);
        assertThatThrownBy(() -> DistributionJournal.open(files(), other))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("was taken from DistributionSource[tokenizer=aa, teacher=teacher");
        DistributionJournal.open(files(), SOURCE).close(); // and left as it was
    }
}
