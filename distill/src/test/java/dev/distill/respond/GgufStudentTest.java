package dev.distill.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.template.jinja.TemplateException;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.trace.Message;
import dev.distill.export.HuggingFaceExport;
import dev.distill.export.Licence;
import dev.distill.export.WeightType;
import dev.distill.student.generate.Sampling;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A GGUF file is a model as good as the Hugging Face folder that it was made from. */
class GgufStudentTest {
    private static final Ops OPS = new CpuOps();
    private static final List<Message> ASKED = List.of(Message.user("What is two and two?"));

    @AfterAll
    static void close() {
        OPS.close();
    }

    private static List<TextGenerator.Text> texts(Student student) {
        String prompt = student.language().renderer().prompt(ASKED, true);
        List<TextGenerator.Text> texts = new ArrayList<>();
        new TextGenerator(student, 2)
                .generate(
                        List.of(
                                new TextGenerator.Request(prompt, null, Sampling.GREEDY, 0, 24, List.of()),
                                new TextGenerator.Request(prompt, null, new Sampling(1, 0, 1), 7, 24, List.of())),
                        () -> false,
                        TextGenerator.Listener.NONE,
                        texts::add);
        return texts;
    }

    @Test
    void saysWhatTheFolderSays() throws IOException {
        try (Student gguf = Student.open(TinyGguf.file(), null, OPS);
                Student folder = Student.open(TinyGguf.folder(), null, OPS)) {
            assertThat(gguf.config()).isEqualTo(folder.config());
            assertThat(gguf.endIds()).isEqualTo(folder.endIds()).isNotEmpty();
            assertThat(gguf.name()).isEqualTo("tiny.gguf");
            String asked = gguf.language().renderer().prompt(ASKED, true);
            assertThat(asked).isEqualTo(folder.language().renderer().prompt(ASKED, true));
            assertThat(gguf.language().tokenizer().encode(asked))
                    .isEqualTo(folder.language().tokenizer().encode(asked));
            assertThat(gguf.config().vocabulary())
                    .as("a padded vocabulary")
                    .isGreaterThan(gguf.language().tokenizer().vocabularySize());
            assertThat(texts(gguf)).hasSize(2).containsExactlyInAnyOrderElementsOf(texts(folder));
        }
    }

    @Test
    void itsBytesAndTheOverriddenBaseDecideItsFingerprint(@TempDir Path other) throws IOException {
        Path copy = Files.copy(TinyGguf.file(), other.resolve("tiny.gguf"));
        Student.Source overridden = new Student.Source(copy, null, OptionalDouble.of(500));
        try (Student first = Student.open(TinyGguf.file(), null, OPS);
                Student same = Student.open(copy, null, OPS);
                Student turned = Student.open(overridden, OPS)) {
            assertThat(first.fingerprint()).isEqualTo(same.fingerprint()).isNotEqualTo(turned.fingerprint());
            assertThat(turned.config()).isEqualTo(first.config().withRopeTheta(500));
            PackedRow row = PackedRow.nextToken(first.language().tokenizer().encode("Two and two is four."));
            assertThat(turned.model().logProbabilities(row))
                    .isNotEqualTo(first.model().logProbabilities(row));
        }
        Files.write(copy, "x".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Student.open(copy, null, OPS)).hasMessageContaining("not a sound GGUF file");
    }

    @Test
    void isExportedAsAFolderWithItsTokenizerAndTemplate(@TempDir Path target) throws IOException {
        try (StoredWeights stored = StoredWeights.open(TinyGguf.file())) {
            HuggingFaceExport.write(target, stored.config(), stored, WeightType.F32, TinyGguf.file());
        }
        assertThat(target).isDirectoryContaining("glob:**/tokenizer_config.json");
        try (Student exported = Student.open(target, null, OPS);
                Student folder = Student.open(TinyGguf.folder(), null, OPS)) {
            assertThat(exported.config().eosIds()).isEqualTo(folder.config().eosIds());
            assertThat(exported.endIds()).isEqualTo(folder.endIds());
            assertThat(texts(exported)).containsExactlyInAnyOrderElementsOf(texts(folder));
        }
        assertThat(Licence.of(TinyGguf.file())).isEqualTo(new Licence("apache-2.0", "the base model's file"));
    }

    @Test
    void aFileWithoutATemplateHasWordsButCannotBeAsked(@TempDir Path folder) throws IOException {
        String key = "tokenizer.chat_template";
        String text = Files.readString(TinyGguf.file(), StandardCharsets.ISO_8859_1);
        Path base = folder.resolve("base.gguf");
        Files.writeString(base, text.replace(key, "tokenizer.chat_xxxxxxxx"), StandardCharsets.ISO_8859_1);
        try (Language language = Language.open(base)) {
            Tokenizer tokenizer = language.tokenizer();
            assertThat(tokenizer.decode(tokenizer.encode("two and two"), false)).isEqualTo("two and two");
            assertThatThrownBy(language::renderer)
                    .isInstanceOf(TemplateException.class)
                    .hasMessageContaining("base.gguf has no template");
        }
    }
}
