package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.respond.Student;
import dev.distill.respond.TinyGguf;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.train.SampleMaker.Objective;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A student may be trained from a GGUF file: its words and weights are the base, what comes out is a folder. */
class GgufBaseTest {
    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(strings = {"full", "lora", "qlora"})
    void isTrainedAndExportedLikeAFolder(String mode) throws IOException {
        RunFolder run = new RunFolder(root);
        CuratedFolder.write(run.curate(), 20);
        Recipe recipe = Recipe.read(
                null,
                Map.of(
                        "name", "tiny",
                        "student.base", TinyGguf.file().toString(),
                        "train.mode", mode,
                        "train.steps", "2",
                        "train.batch-samples", "2",
                        "train.validation-samples", "2",
                        "export.type", "f32"));
        try (Ops ops = new CpuOps()) {
            new TrainStage(recipe, ops, Objective.REASONING).run(run.curate(), run.train(), report -> {}, () -> false);
            assertThat(Manifest.read(run.train()).inputs())
                    .extracting(FileEntry::path)
                    .contains(TinyGguf.file().toString());
            ExportStage.Exported exported = ExportStage.run(recipe, run, ops, new LinkedHashMap<>());
            assertThat(exported.parity().passes()).isTrue();
            assertThat(exported.files()).contains("config.json", "tokenizer.json", "tokenizer_config.json");
            try (Student student = Student.open(exported.folder(), null, ops);
                    Student base = Student.open(TinyGguf.folder(), null, ops)) {
                assertThat(student.endIds()).isEqualTo(base.endIds());
                assertThat(student.language().tokenizer().encode("Two and two"))
                        .isEqualTo(base.language().tokenizer().encode("Two and two"));
            }
        }
    }
}
