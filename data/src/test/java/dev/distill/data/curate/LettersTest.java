package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LettersTest {
    @Test
    void wordsAreNotRandomAndRandomLettersAre() {
        for (String word : new String[] {"loaves", "together", "multiply", "remaining", "there"}) {
            assertThat(Letters.randomness(word)).as(word).isNegative();
        }
        for (String word : new String[] {"vsleao", "rehtegot", "mltply", "asdfgh", "gurer"}) {
            assertThat(Letters.randomness(word)).as(word).isPositive();
        }
    }

    @Test
    @Tag("conformance")
    void theTableIsWhatIsCountedOnTheBenchmarks() throws IOException {
        Path folder = Path.of(System.getProperty("distill.conformance", ""));
        assumeTrue(
                Files.exists(folder.resolve("benchmarks/gsm8k_test.jsonl")),
                "skipped: no benchmarks in the folder named by -Ddistill.conformance (\"" + folder + "\")");
        try (InputStream in = Objects.requireNonNull(Letters.class.getResourceAsStream("english-letters.txt"))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo(LetterTable.of(folder));
        }
    }
}
