package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tokenizer that was trained here, in Hugging Face's Python packages. Needs {@code -Ddistill.peers=DIR} with {@code venv}, a Python
 * with tokenizers and transformers.
 */
@Tag("slow")
class TrainedTokenizerTest {
    private static final String PROGRAM = """
            import json, sys
            from tokenizers import Tokenizer
            from transformers import AutoTokenizer
            texts = json.load(open(sys.argv[2], encoding="utf-8"))
            fast = Tokenizer.from_file(sys.argv[1] + "/tokenizer.json")
            ids = [each.ids for each in fast.encode_batch(texts, add_special_tokens=False)]
            auto = AutoTokenizer.from_pretrained(sys.argv[1], local_files_only=True)
            assert ids == auto(texts, add_special_tokens=False)["input_ids"], "transformers has other ids"
            decoded = [fast.decode(each, skip_special_tokens=False) for each in ids]
            json.dump({"ids": ids, "decoded": decoded}, open(sys.argv[3], "w", encoding="utf-8"))
            """;

    @Test
    void hasTheSameIdsInPython(@TempDir Path folder) throws IOException, InterruptedException {
        Path python = Path.of(System.getProperty("distill.peers", "")).resolve("venv/bin/python");
        assumeTrue(Files.isExecutable(python), "skipped: missing " + python + ", named by -Ddistill.peers");
        long seed = System.nanoTime();
        List<String> texts = MixedTexts.ofThisMachine(seed).next(2_000_000).stream()
                .map(text -> {
                    char[] letters = text.toCharArray();
                    BpeEncoder.replaceLoneSurrogates(letters, letters.length); // Python takes none
                    return new String(letters);
                })
                .toList();
        BpeTrainer.train(texts, 6_000, Tiny.ADDED).write(folder, "<|endoftext|>", "<|im_end|>", null);
        Path input = folder.resolve("texts.json");
        Path output = folder.resolve("ids.json");
        ObjectMapper json = new ObjectMapper();
        json.writeValue(input.toFile(), texts);
        Process process = new ProcessBuilder(
                        python.toString(), "-c", PROGRAM, folder.toString(), input.toString(), output.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        var read = json.readTree(output.toFile());
        try (Tokenizer java = BpeTokenizer.open(folder);
                Tokenizer library = HfTokenizer.open(folder)) {
            assertThat(java.vocabularySize()).isEqualTo(6_000);
            for (int i = 0; i < texts.size(); i++) {
                int[] expected = json.convertValue(read.path("ids").get(i), int[].class);
                for (Tokenizer each : List.of(java, library)) {
                    assertThat(each.encode(texts.get(i)))
                            .as("seed %d: <%s>", seed, texts.get(i))
                            .isEqualTo(expected);
                    assertThat(each.decode(expected, false))
                            .isEqualTo(read.path("decoded").get(i).asText());
                }
            }
        }
    }
}
