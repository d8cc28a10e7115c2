package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
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

    @Test
    void aRunOfFallbackBytesIsTextOnceItHasEnded() throws IOException {
        try (HfTokenizer llama = SentencePieces.withByteFallback()) {
            StreamDecoder decoder = new StreamDecoder(llama, false);
            assertThat(decoder.add(id(llama, "\u2581two"))).isEqualTo("two");
            // U+4F60 is E4 BD A0; each byte alone would be a U+FFFD
            assertThat(decoder.add(id(llama, "<0xE4>"))).isEmpty();
            assertThat(decoder.add(id(llama, "<0xBD>"))).isEmpty();
            assertThat(decoder.add(id(llama, "<0xA0>"))).isEmpty();
            assertThat(decoder.add(id(llama, "\u2581and"))).isEqualTo("你 and");
            assertThat(decoder.add(id(llama, "<0x0A>"))).isEmpty();
            assertThat(decoder.finish()).isEqualTo("\n");
        }
    }

    @Test
    void aRunOfFallbackBytesThatIsNoTextIsAllReplaced() throws IOException {
        try (HfTokenizer llama = SentencePieces.withByteFallback()) {
            int[] ids = {id(llama, "a"), id(llama, "<0x41>"), id(llama, "<0xE4>"), id(llama, "<0xBD>"), id(llama, "a")};
            assertThat(stream(llama, ids, false))
                    .isEqualTo("a\uFFFD\uFFFD\uFFFDa")
                    .isEqualTo(llama.decode(ids, false));
        }
    }

    @Test
    void onlyTheFirstWordLosesItsSpace() throws IOException {
        try (HfTokenizer llama = SentencePieces.withByteFallback();
                HfTokenizer t5 = SentencePieces.withMetaspace()) {
            for (HfTokenizer each : List.of(llama, t5)) {
                StreamDecoder decoder = new StreamDecoder(each, true);
                assertThat(decoder.add(id(each, "<s>"))).isEmpty();
                assertThat(decoder.add(id(each, "\u2581two"))).isEqualTo("two");
                for (int i = 0; i < 40; i++) { // special tokens are left out, and change nothing
                    assertThat(decoder.add(id(each, "</s>"))).isEmpty();
                }
                assertThat(decoder.add(id(each, "\u2581and"))).isEqualTo(" and");
            }
        }
    }

    @Test
    void allPiecesOfSentencePiecesAreTheWholeText() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (HfTokenizer llama = SentencePieces.withByteFallback();
                HfTokenizer t5 = SentencePieces.withMetaspace()) {
            for (int round = 0; round < 600; round++) {
                HfTokenizer each = round % 2 == 0 ? llama : t5;
                int words = each.vocabularySize() - 0x103; // the tokens that are no bytes: before and behind them
                int[] ids = random.ints(40, 0, 2 * words + 8)
                        .map(n -> n < words ? 0x103 + n : n < words + 3 ? n - words : 3 + 0xC0 + random.nextInt(0x40))
                        .map(id -> random.nextInt(4) == 0 ? 3 + 0x80 + random.nextInt(0x40) : id)
                        .toArray();
                boolean skip = random.nextBoolean();
                assertThat(stream(each, ids, skip))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(each.decode(ids, skip));
            }
        }
    }

    /** Counted, not timed: each id is decoded a bounded number of times, in whatever kind of text. */
    @Test
    void whatATextCostsGrowsWithItsLength() throws IOException {
        try (HfTokenizer llama = SentencePieces.withByteFallback()) {
            int[] bytes = new int[4_000];
            Arrays.fill(bytes, id(llama, "<0xE4>"));
            int[] dropped = new int[4_000];
            Arrays.fill(dropped, id(llama, "</s>"));
            int[] broken = new int[4_000];
            Arrays.fill(broken, 0x80);
            int[] mixed = new Random(1).ints(4_000, 0, 300).toArray();
            assertThat(idsDecoded(llama, bytes)).isLessThan(10L * bytes.length);
            assertThat(idsDecoded(llama, dropped)).isLessThan(10L * dropped.length);
            assertThat(idsDecoded(tokenizer, mixed)).isLessThan(10L * mixed.length);
            assertThat(idsDecoded(tokenizer, broken))
                    .as("a window of up to 17 ids, cut where it is longer")
                    .isLessThan(40L * broken.length);
        }
    }

    private static long idsDecoded(Tokenizer tokenizer, int[] ids) {
        long[] decoded = {0};
        Tokenizer counting = new Tokenizer() {
            @Override
            public int[] encode(String text) {
                return tokenizer.encode(text);
            }

            @Override
            public String decode(int[] ids, boolean skipSpecialTokens) {
                decoded[0] += ids.length;
                return tokenizer.decode(ids, skipSpecialTokens);
            }

            @Override
            public int vocabularySize() {
                return tokenizer.vocabularySize();
            }

            @Override
            public OptionalInt id(String token) {
                return tokenizer.id(token);
            }

            @Override
            public String sha256() {
                return tokenizer.sha256();
            }
        };
        stream(counting, ids, true);
        return decoded[0];
    }

    private static int id(Tokenizer tokenizer, String token) {
        return tokenizer.id(token).orElseThrow();
    }

    private String stream(int[] ids, boolean skip) {
        return stream(tokenizer, ids, skip);
    }

    /** No piece may hold half a surrogate pair, or a U+FFFD that the whole text has not. */
    static String stream(Tokenizer tokenizer, int[] ids, boolean skip) {
        StreamDecoder decoder = new StreamDecoder(tokenizer, skip);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            String piece = decoder.add(id);
            assertThat(StandardCharsets.UTF_16.newEncoder().canEncode(piece))
                    .as(piece)
                    .isTrue();
            text.append(piece);
        }
        return text.append(decoder.finish()).toString();
    }
}
