package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.respond.TinyGguf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands take a GGUF file wherever they take a model folder, and say the same of the same model. */
class GgufCommandsIT {
    @TempDir
    Path folder;

    private static String generated(Path model, Object... more) {
        Object[] words = new Object[more.length + 7];
        System.arraycopy(
                new Object[] {"generate", "-m", model, "-p", "What is two and two?", "--max-new-tokens", 12},
                0,
                words,
                0,
                7);
        System.arraycopy(more, 0, words, 7, more.length);
        Said said = Said.by(words);
        assertThat(said.code()).as(said.err()).isZero();
        return said.out();
    }

    private List<String> scored(Path model) throws IOException {
        Path input = Files.writeString(folder.resolve("in.jsonl"), "{\"text\":\"Two and two is four.\"}\n");
        Path output = folder.resolve(model.getFileName() + ".jsonl");
        Said said = Said.by("score", "-m", model, "-i", input, "-o", output, "--top-k", 3);
        assertThat(said.code()).as(said.err()).isZero();
        return Files.readAllLines(output);
    }

    @Test
    void generatesTheTextOfTheFolder() {
        assertThat(generated(TinyGguf.file())).isEqualTo(generated(TinyGguf.folder()));
    }

    @Test
    void scoresAsTheFolder() throws IOException {
        assertThat(scored(TinyGguf.file())).hasSize(1).isEqualTo(scored(TinyGguf.folder()));
    }

    @Test
    void anotherBaseOfTheRotaryFrequenciesGivesAnotherText() {
        assertThat(generated(TinyGguf.file(), "--rope-theta", 10_000)).isEqualTo(generated(TinyGguf.file()));
        assertThat(generated(TinyGguf.file(), "--rope-theta", 2)).isNotEqualTo(generated(TinyGguf.file()));
        Said zero = Said.by("generate", "-m", TinyGguf.file(), "-p", "Hi", "--rope-theta", 0);
        assertThat(zero.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(zero.err()).contains("rope: theta must be positive and finite, got 0.0");
    }

    @Test
    void inspectShowsItsMetadataAndTensors() throws IOException {
        Said said = Said.by("inspect", TinyGguf.file(), "--json", "--rows", 2);
        assertThat(said.code()).as(said.err()).isZero();
        JsonNode found = said.json();
        assertThat(found.path("kind").asText()).isEqualTo("gguf");
        assertThat(found.at("/metadata/general.architecture").asText()).isEqualTo("qwen2");
        assertThat(found.at("/metadata/tokenizer.ggml.tokens").asText()).isEqualTo("[320 values]");
        assertThat(found.path("tensors")).hasSize(2);
    }

    @Test
    void aFileWhoseTokenizerIsOfAnotherKindIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(TinyGguf.file());
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Path other = Files.writeString(
                folder.resolve("other.gguf"), text.replace("gpt2", "bert"), StandardCharsets.ISO_8859_1);
        Said said = Said.by("generate", "-m", other, "-p", "Hi");
        assertThat(said.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(said.err())
                .contains("other.gguf", "must be gpt2, a byte-level BPE, or llama, a BPE of SentencePiece; got bert");
        Said none = Said.by("generate", "-m", folder.resolve("none.gguf"), "-p", "Hi");
        assertThat(none.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(none.err()).contains("there is no such file or folder, and it is no hub id");
    }
}
