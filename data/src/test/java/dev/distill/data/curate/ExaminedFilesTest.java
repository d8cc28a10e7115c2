package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.shard.TraceShards;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a look at traces leaves for workers elsewhere. */
class ExaminedFilesTest {
    @TempDir
    Path folder;

    private static final List<Trace> TRACES =
            List.of(Traces.honest(), Traces.ended(FinishReason.LENGTH), Traces.reasoning(null), Traces.honest());

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        Examiner examiner = new Examiner(CurationSettings.standard(new MathVerifier(), List.of()));
        ExaminedFiles files = new ExaminedFiles(folder.toString(), "000000");
        List<Examined> found = TRACES.stream().map(examiner::examine).toList();
        try (ExaminedWriter writer = files.write()) {
            for (Examined examined : found) {
                writer.add(examined);
            }
            assertThatThrownBy(files::rows).isInstanceOf(NoSuchFileException.class);
            writer.publish();
        }
        try (ExaminedReader rows = files.rows();
                VerdictList verdicts = files.verdicts();
                ShingleList shingles = files.shingles()) {
            for (Examined examined : found) {
                ExaminedRow row = rows.next();
                assertThat(row.facts()).usingRecursiveComparison().isEqualTo(examined.facts());
                assertThat(row.promptId()).isEqualTo(examined.trace().promptId());
                assertThat(row.size()).isEqualTo(TraceShards.size(examined.trace()));
                assertThat(row.failure() == null).isEqualTo(examined.passed());
                assertThat(verdicts.next()).isEqualTo(examined.trace().verdicts());
                assertThat(shingles.next()).isEqualTo(examined.shingles());
            }
        }
        try (ShingleList shingles = files.shingles()) {
            shingles.skip();
            shingles.skip();
            shingles.skip();
            assertThat(shingles.next()).isEqualTo(found.getLast().shingles());
        }
        assertThat(folder).as("three files, none of them temporary").isDirectoryContaining("glob:**000000.*");
        assertThat(found.get(1).passed()).isFalse();
    }

    @Test
    void oneThatIsGivenUpLeavesNothing() throws IOException {
        Examiner examiner = new Examiner(CurationSettings.NONE);
        try (ExaminedWriter writer = new ExaminedFiles(folder.toString(), "000001").write()) {
            writer.add(examiner.examine(Traces.honest()));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shinglesThatAreKeptOnTheDiskAreThose() throws IOException {
        Random random = new Random(3);
        List<Shingles> all = Stream.generate(
                        () -> new Shingles(random.ints(50).sorted().distinct().toArray(), random.nextBoolean()))
                .limit(200)
                .toList();
        try (KeptShingles kept = new KeptShingles(1_000)) { // some twenty in memory
            for (int i = 0; i < all.size(); i++) {
                kept.keep(all.get(i));
                int other = random.nextInt(i + 1);
                assertThat(kept.get(other)).isEqualTo(all.get(other));
            }
        }
    }

    /** Against the closure of "share a key", by hand. */
    @Test
    void linksAreTheClosureOfSharingAKey() {
        BandLinks links = new BandLinks(8);
        links.add(10, 5);
        links.add(10, 7);
        links.add(11, 7);
        links.add(11, 2);
        links.add(12, 4);
        links.add(13, 9);
        links.add(13, 4);
        links.add(10, 8);
        assertThat(links.pairs()).containsExactly(7, 5, 2, 5, 9, 4, 8, 5);
    }

    @Test
    void partsThatAreCountedApartAddUp() {
        CurationSettings settings = CurationSettings.standard(new MathVerifier(), List.of());
        Examiner examiner = new Examiner(settings);
        Tally whole = new Tally(settings);
        Tally first = new Tally(settings);
        Tally second = new Tally(settings);
        for (int i = 0; i < 40; i++) {
            Trace trace = i % 3 == 0
                    ? Traces.answer("I'm sorry, but I can't help with that.")
                    : i % 5 == 0 ? Traces.ended(FinishReason.LENGTH) : Traces.honest();
            Examined examined = examiner.examine(trace);
            for (Tally tally : List.of(whole, i < 17 ? first : second)) {
                tally.examined(examined);
                tally.decided(
                        examined.passed()
                                ? new Decision.Kept(i, trace)
                                : new Decision.Dropped(
                                        i, trace, examined.failures().getFirst().by(), "number " + i));
            }
        }
        Tally sum = new Tally(settings);
        sum.add(first);
        sum.add(second);
        assertThat(sum.report(null)).isEqualTo(whole.report(null));
        assertThat(sum.report(null).dropped().keySet())
                .as("in the same order")
                .containsExactlyElementsOf(whole.report(null).dropped().keySet());
    }
}
