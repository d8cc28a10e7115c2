package dev.distill.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a repository are a model. */
class ModelFilesTest {
    private static final HubId ID = HubId.parse("a/b").orElseThrow();

    @Test
    void aModelInOneFile() throws HubException {
        // the files of Qwen/Qwen2.5-0.5B on the hub, and some of other repositories that are not needed
        assertThat(ModelFiles.of(
                        ID,
                        List.of(
                                ".gitattributes",
                                "LICENSE",
                                "README.md",
                                "config.json",
                                "generation_config.json",
                                "merges.txt",
                                "model.safetensors",
                                "tokenizer.json",
                                "tokenizer_config.json",
                                "vocab.json",
                                "chat_template.jinja",
                                "additional_chat_templates/tools.jinja",
                                "special_tokens_map.json",
                                "added_tokens.json",
                                "tokenizer.model",
                                "tokenizer.bin",
                                "pytorch_model.bin",
                                "consolidated.safetensors",
                                "onnx/model.safetensors",
                                "original/tokenizer.model",
                                "model.q4.gguf",
                                "training_args.bin")))
                .containsExactly(
                        "LICENSE",
                        "README.md",
                        "config.json",
                        "generation_config.json",
                        "merges.txt",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "vocab.json",
                        "chat_template.jinja",
                        "additional_chat_templates/tools.jinja",
                        "special_tokens_map.json",
                        "added_tokens.json",
                        "tokenizer.model",
                        "model.safetensors");
    }

    @Test
    void aModelInShardsWithoutItsSecondLayout() throws HubException {
        // as mistralai/Mistral-7B-Instruct-v0.3 has them, and with the numbers of DeepSeek-V3
        assertThat(ModelFiles.of(
                        ID,
                        List.of(
                                "config.json",
                                "consolidated.safetensors",
                                "model-00001-of-000163.safetensors",
                                "model-00002-of-000163.safetensors",
                                "model.safetensors.index.json")))
                .containsExactly(
                        "config.json",
                        "model.safetensors.index.json",
                        "model-00001-of-000163.safetensors",
                        "model-00002-of-000163.safetensors");
    }

    @Test
    void shardsOfOtherNamesAreAllTaken() throws HubException {
        assertThat(ModelFiles.of(
                        ID,
                        List.of("config.json", "one.safetensors", "two.safetensors", "model.safetensors.index.json")))
                .containsExactly("config.json", "model.safetensors.index.json", "one.safetensors", "two.safetensors");
    }

    @Test
    void whatIsNoModelSaysWhy() {
        assertThatThrownBy(() -> ModelFiles.of(ID, List.of("config.json", "pytorch_model.bin")))
                .hasMessage("hub: a/b: must hold model.safetensors, or shards and their index; it holds its weights as"
                        + " pickles, which are not fetched, for reading one may run any code; look for a revision in"
                        + " safetensors and give it as a/b@REVISION");
        assertThatThrownBy(() -> ModelFiles.of(ID, List.of("data.csv")))
                .hasMessage("hub: a/b: must hold model.safetensors, or shards and their index; it does not; is it a"
                        + " language model?");
        assertThatThrownBy(() -> ModelFiles.of(ID, List.of("model.safetensors")))
                .hasMessage("hub: a/b: must hold a config.json, and does not; is it an adapter?");
        HubId file = HubId.parse("a/b@v1:c.gguf").orElseThrow();
        assertThatThrownBy(() -> ModelFiles.of(file, List.of("x.gguf", "y.gguf")))
                .hasMessage("hub: a/b@v1:c.gguf: there is no such file; give one of\n  a/b@v1:x.gguf\n  a/b@v1:y.gguf");
        assertThatThrownBy(() -> ModelFiles.of(file, List.of("config.json")))
                .hasMessageEndingWith("it holds no GGUF file at all");
    }

    @Test
    void aSnapshotIsWholeWithAllThatItsIndexNames(@TempDir Path snapshot) throws IOException {
        assertThat(ModelFiles.missing(snapshot, null))
                .containsExactly("config.json", "tokenizer.json", "model.safetensors");
        Files.writeString(
                snapshot.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"2.safetensors\", \"c\": \"1.safetensors\"}}");
        Files.createFile(snapshot.resolve("config.json"));
        Files.createFile(snapshot.resolve("2.safetensors"));
        assertThat(ModelFiles.missing(snapshot, null)).containsExactly("tokenizer.json", "1.safetensors");
        assertThat(ModelFiles.missing(snapshot, "a.gguf")).containsExactly("a.gguf");
        Files.createSymbolicLink(snapshot.resolve("1.safetensors"), Path.of("gone"));
        assertThat(ModelFiles.missing(snapshot, null)).containsExactly("tokenizer.json", "1.safetensors");
        Files.writeString(snapshot.resolve("model.safetensors.index.json"), "{");
        assertThat(ModelFiles.missing(snapshot, null)).contains("model.safetensors.index.json in JSON");
    }
}
