package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.tokenize.TokenizerException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HfTokenizerTest extends TokenizerContract {
    @Override
    Tokenizer open(Path path) {
        return HfTokenizer.open(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"model\": {\"vocab\": {\"a\": 0}}, \"added_tokens\": [{\"id\": 1}]}",
                "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}",
                "{\"model\": {\"type\": \"NoSuchModel\", \"vocab\": {\"a\": 0}}}"
            })
    void saysThatAFileIsBroken(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), json);
        assertThatThrownBy(() -> open(file))
                .isInstanceOfSatisfying(
                        TokenizerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.FILE))
                .hasMessageStartingWith("tokenizer " + file + ": not a tokenizer.json");
    }
}
