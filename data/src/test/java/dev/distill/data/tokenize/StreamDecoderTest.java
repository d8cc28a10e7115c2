package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamDecoderTest {
    @TempDir
    Path folder;

    private HfTokenizer tokenizer;

    @BeforeEach
    void open() throws IOException {
        tokenizer = Tiny.in(folder, 300);
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void holdsBackHalfACharacter() {
        StreamDecoder decoder = new StreamDecoder(tokenizer, false);
        // U+1F642 is F0 9F 99 82
        assertThat(decoder.add('a')).isEqualTo("a");
        assertThat(decoder.add(0xF0)).isEmpty();
        assertThat(decoder.add(0x9F)).isEmpty();
        assertThat(decoder.add(0x99)).isEmpty();
        assertThat(decoder.add(0x82)).isEqualTo("🙂");
        assertThat(decoder.add('b')).isEqualTo("b");
        assertThat(decoder.finish()).isEmpty();
    }

    @Test
    void givesUpOnACutCharacterAtTheEnd() {
        StreamDecoder decoder = new StreamDecoder(tokenizer, false);
        assertThat(decoder.add(0xF0)).isEmpty();
        assertThat(decoder.finish()).isEqualTo("\uFFFD");
    }

    @Test
    void allPiecesAreTheWholeText() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            // Most sequences of single bytes are no text: broken characters of every kind.
            int[] ids = random.ints(60, 0, round % 2 == 0 ? 0x100 : tokenizer.vocabularySize())
                    .toArray();
            boolean skip = random.nextBoolean();
            assertThat(stream(ids, skip)).as("seed %d, round %d", seed, round).isEqualTo(tokenizer.decode(ids, skip));
        }
    }

    @Test
    void aLongRunOfBrokenBytesIsNoTrouble() {
        int[] ids = new int[3_000];
        Arrays.fill(ids, 0x80);
        assertThat(stream(ids, true)).isEqualTo("\uFFFD".repeat(3_000));
        Arrays.fill(ids, tokenizer.id("<|im_start|>").orElseThrow()); // special, left out
        assertThat(stream(ids, true)).isEmpty();
    }

    private String stream(int[] ids, boolean skip) {
        StreamDecoder decoder = new StreamDecoder(tokenizer, skip);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.add(id));
        }
        return text.append(decoder.finish()).toString();
    }
}
