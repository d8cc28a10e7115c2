package dev.distill.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.bench.ModelFolder.Making;
import dev.distill.respond.Language;
import dev.distill.student.model.ConfigJson;
import dev.distill.student.model.PublishedShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFolderTest {
    private static final String SHAPE = "smollm2-135m";

    @TempDir
    Path folder;

    @Test
    void aShapeGetsAFolderWithAByteTokenizerThatGoesAgain() throws IOException {
        Path made;
        try (ModelFolder model = ModelFolder.of(SHAPE, new Making(true, null, 0))) {
            made = model.path();
            assertThat(model.name()).isEqualTo(SHAPE);
            assertThat(model.madeInSeconds()).isPositive();
            assertThat(ConfigJson.read(made.resolve("config.json")))
                    .isEqualTo(PublishedShapes.find(SHAPE).orElseThrow());
            try (Language language = Language.open(made)) {
                assertThat(language.tokenizer().encode("Aé")).containsExactly(65, 0xC3, 0xA9);
            }
        }
        assertThat(made).doesNotExist();
        assertThat(made.getParent()).doesNotExist();
    }

    @Test
    void inAFolderOfWorkItStaysAndIsTakenTheNextTime() throws IOException {
        Making making = new Making(true, folder, 0);
        ModelFolder.of(SHAPE, making).close();
        try (ModelFolder again = ModelFolder.of(SHAPE, making)) {
            assertThat(again.madeInSeconds()).isZero();
            assertThat(again.path()).isEqualTo(folder.resolve(SHAPE + "-zeros"));
        }
        assertThat(folder.resolve(SHAPE + "-zeros").resolve("model.safetensors"))
                .exists();
    }

    @Test
    void whatExistsIsTakenAsItIs() throws IOException {
        Path existing = Files.createDirectory(folder.resolve("mine"));
        try (ModelFolder model = ModelFolder.of(existing.toString(), new Making(false, null, 0))) {
            assertThat(model.path()).isEqualTo(existing);
        }
        assertThat(existing).exists();
    }

    @Test
    void onlyAShapeCanBeSparse() {
        assertThatThrownBy(() -> ModelFolder.of(folder.toString(), new Making(true, null, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sparse weights are made for the name of a shape")
                .hasMessageContaining("qwen2.5-0.5b");
    }
}
