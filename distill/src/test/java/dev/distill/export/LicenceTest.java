package dev.distill.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LicenceTest {
    private final Path model;

    LicenceTest(@TempDir Path model) {
        this.model = model;
    }

    @Test
    void theModelsCardComesFirst() throws IOException {
        Files.writeString(model.resolve("README.md"), "---\nlanguage:\n- en\nlicense: llama3.2\n---\n\n# A model\n");
        Files.writeString(model.resolve("LICENSE"), "MIT License\n");
        assertThat(Licence.of(model)).isEqualTo(new Licence("llama3.2", "the base model's card"));
    }

    @Test
    void withoutACardTheLicenceFileIsRead() throws IOException {
        Files.writeString(model.resolve("README.md"), "# A model without a header\n");
        Files.writeString(model.resolve("LICENSE"), "\n      Apache License\n      Version 2.0, January 2004\n");
        assertThat(Licence.of(model)).isEqualTo(new Licence("apache-2.0", "the base model's LICENSE"));
        Files.writeString(model.resolve("LICENSE"), "Some Community License Agreement");
        assertThat(Licence.of(model)).isEqualTo(new Licence("other", "the base model's LICENSE"));
    }

    @Test
    void aFolderThatSaysNothingIsSaidToSayNothing() throws IOException {
        assertThat(Licence.of(model).id()).isEqualTo("other");
        assertThat(Licence.of(model).origin()).contains("states none", "before you publish");
        Files.writeString(model.resolve("README.md"), "---\n: [broken\n---\n");
        assertThat(Licence.of(model).id()).isEqualTo("other");
    }
}
