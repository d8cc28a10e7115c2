package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTrainerTest {
    @TempDir
    Path folder;

    /** The example of Sennrich et al. 2016, section 3.2 (words: low x 5, lower x 2, newest x 6, widest x 3), on bytes. */
    @Test
    void mergesTheMostFrequentPairFirst() throws IOException {
        String text = "low ".repeat(5) + "lower ".repeat(2) + "newest ".repeat(6) + "widest ".repeat(3);
        BpeTrainer.train(List.of(text.strip().split(" ")), 256 + 3 + 1, List.of(AddedToken.special("<e>")))
                .write(folder, "<e>", "<e>", null);
        try (HfTokenizer tokenizer = HfTokenizer.open(folder)) {
            // e s occurs 9 times, then es t 9 times, then l o 7 times
            assertThat(List.of(
                            tokenizer.id("es").orElseThrow(),
                            tokenizer.id("est").orElseThrow(),
                            tokenizer.id("lo").orElseThrow()))
                    .containsExactly(256, 257, 258);
        }
    }

    @Test
    void everyDigitIsATokenOfItsOwn() throws IOException {
        BpeTrainer.train(List.of("2024 ".repeat(50)), 300, Tiny.ADDED)
                .write(folder, "<|endoftext|>", "<|im_end|>", null);
        try (HfTokenizer tokenizer = HfTokenizer.open(folder)) {
            assertThat(tokenizer.encode("2024")).containsExactly('2', '0', '2', '4');
        }
    }

    @Test
    void theSameTextsGiveTheSameFileInAnyOrder() throws IOException {
        BpeTokenizerFile first = BpeTrainer.train(Tiny.TEXTS, 320, Tiny.ADDED);
        BpeTokenizerFile second = BpeTrainer.train(Tiny.TEXTS.reversed(), 320, Tiny.ADDED);
        first.write(folder.resolve("a"), "<|endoftext|>", "<|im_end|>", "{{ messages }}");
        second.write(folder.resolve("b"), "<|endoftext|>", "<|im_end|>", "{{ messages }}");
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            assertThat(folder.resolve("a").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("b").resolve(file));
        }
        assertThat(Files.readString(folder.resolve("a/tokenizer_config.json"))).contains("{{ messages }}");
    }

    @Test
    void stopsWhereNoPairOccursTwice() {
        assertThat(BpeTrainer.train(List.of("abc"), 1_000, Tiny.ADDED).vocabularySize())
                .isEqualTo(261);
    }

    @Test
    void refusesAVocabularyThatCannotHoldTheBytes() {
        assertThatThrownBy(() -> BpeTrainer.train(Tiny.TEXTS, 260, Tiny.ADDED))
                .hasMessage("tokenizer: vocabulary size must be at least 261 (256 bytes and 5 added tokens); got 260");
        assertThatThrownBy(() -> BpeTrainer.train(Tiny.TEXTS, 261, Tiny.ADDED).write(folder, "<eos>", "<eos>", null))
                .hasMessageStartingWith(
                        "tokenizer: \"<eos>\" must be one of the added tokens; they are [<|endoftext|>,");
    }
}
