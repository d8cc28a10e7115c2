package dev.distill.train.teach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Samples;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.respond.Student;
import dev.distill.respond.TinyStudent;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.Distillation;
import dev.distill.student.ops.Divergence;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.train.BatchSource;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnPolicyBatchesTest {
    @TempDir
    Path folder;

    /** Steps of nothing that name themselves. */
    private static final class Named implements BatchSource {
        @Override
        public List<PackedRow> step(int step) {
            return List.of();
        }

        @Override
        public int dropped(int step) {
            return 0;
        }

        @Override
        public List<String> traceIds(int step) {
            return List.of("of the traces");
        }

        @Override
        public SequencedMap<String, String> identity() {
            return new LinkedHashMap<>(Map.of("samples", "7"));
        }

        @Override
        public String fingerprint() {
            return "7";
        }
    }

    /** A bad step's message, and that of a checkpoint of another run, say what the step and the data are. */
    @Test
    void itsOwnStepsNameTheirPromptsAndItsIdentityItsSettings() throws Exception {
        List<Sample> prompts = IntStream.range(0, 20)
                .mapToObj(i -> new Sample("t" + i, new int[] {1, 2, 3}, List.of(new Sample.Span(2, 3))))
                .toList();
        try (Ops ops = new CpuOps();
                Student student = Student.open(TinyStudent.write(folder, 1), null, ops)) {
            OnPolicyBatches.Settings settings = new OnPolicyBatches.Settings(
                    0.5, 4, 6, 1, 40, 5, new Distillation(new Divergence.ForwardKl(), 1, 0.5));
            OnPolicyBatches batches = new OnPolicyBatches(
                    new Named(),
                    settings,
                    student.model(),
                    new SameTokens(student.model(), student.config().vocabulary(), 4, 1),
                    new TaughtSamples(Samples.of(prompts), Stream::of),
                    Set.of(0));
            int own = 0;
            for (int step = 1; step <= 40; step++) {
                List<String> ids = batches.traceIds(step);
                assertThat(ids).isEqualTo(batches.traceIds(step)).isNotEmpty();
                if (!ids.equals(List.of("of the traces"))) {
                    own++;
                    assertThat(ids).hasSizeBetween(1, 4).allMatch(id -> id.matches("t1?\\d"));
                }
            }
            assertThat(own).isBetween(8, 32);
            assertThat(batches.identity())
                    .containsEntry("samples", "7")
                    .containsEntry("on-policy", settings.toString());
        }
    }

    /** The step has the traces then, so it names these. */
    @Test
    void aStepOfWhichTheTeacherSaysNothingNamesTheTraces() throws Exception {
        Sample prompt = new Sample("t", new int[] {1, 2, 3}, List.of(new Sample.Span(2, 3)));
        try (Ops ops = new CpuOps();
                Student student = Student.open(TinyStudent.write(folder, 1), null, ops)) {
            OnPolicyBatches batches = new OnPolicyBatches(
                    new Named(),
                    new OnPolicyBatches.Settings(
                            1, 4, 6, 1, 40, 5, new Distillation(new Divergence.ForwardKl(), 1, 0.5)),
                    student.model(),
                    new Silent(),
                    new TaughtSamples(Samples.of(List.of(prompt)), Stream::of),
                    Set.of(0));
            assertThat(batches.traceIds(1)).containsExactly("t");
            assertThat(batches.step(1)).isEmpty(); // as Named's are
            assertThat(batches.traceIds(1)).containsExactly("of the traces");
        }
    }

    private static final class Silent implements TeacherVoice {
        @Override
        public List<SparseDistributions> expect(List<Taught> samples) {
            throw new AssertionError("it is asked about the student's own texts alone");
        }

        @Override
        public boolean readsMessages() {
            return false;
        }

        @Override
        public List<SparseDistributions> read(List<Written> texts) {
            return texts.stream()
                    .map(text -> nothing(text.sample().trainedTokens()))
                    .toList();
        }

        private static SparseDistributions nothing(int places) {
            int[] ids = new int[places];
            Arrays.fill(ids, SparseDistributions.NONE);
            return new SparseDistributions(1, ids, new float[places]);
        }
    }
}
