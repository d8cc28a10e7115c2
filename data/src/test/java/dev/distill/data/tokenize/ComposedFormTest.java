package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Normal form C against that of Hugging Face's library. */
class ComposedFormTest {
    private static final String[] AROUND = {
        "%s", "a%s\u0334", "a\u0345%s", "a\u0327%s\u0301", "\u0915%s\u093C", "%1$s%1$s", "%s\u0307", "\u1100%s\u11A8"
    };

    /** All that Java knows to combine, and every character that is older or newer than the library's tables. */
    @Test
    void charactersThatCombine() {
        check(c -> {
            int type = Character.getType(c);
            return type == Character.NON_SPACING_MARK
                    || type == Character.COMBINING_SPACING_MARK
                    || (!isHangul(c)
                            && !Normalizer.normalize(Character.toString(c), Form.NFD)
                                    .equals(Character.toString(c)))
                    || (isHangul(c) && c % 131 == 0)
                    || (c >= 0x1100 && c < 0x1200)
                    || (c >= 0x16D40 && c < 0x16D80)
                    || (c >= 0x16100 && c < 0x16140)
                    || (c >= 0x11380 && c < 0x11400);
        });
    }

    @Tag("slow")
    @Test
    void allCharacters() {
        check(c -> Character.getType(c) != Character.UNASSIGNED && Character.getType(c) != Character.PRIVATE_USE);
    }

    @Test
    void marksByChance() {
        int[] combining = java.util.stream.IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(c -> Character.getType(c) == Character.NON_SPACING_MARK || Character.isLetter(c) && c < 0x3400)
                .toArray();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (HfTokenizer library = library()) {
            for (int round = 0; round < 300; round++) {
                String text = random.ints(200)
                        .mapToObj(i -> Character.toString(combining[Math.floorMod(i, combining.length)]))
                        .collect(Collectors.joining());
                assertThat(ComposedForm.of(text))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(normalized(library, text));
            }
        }
    }

    private interface Choice {
        boolean of(int codePoint);
    }

    private static boolean isHangul(int c) {
        return c >= 0xAC00 && c <= 0xD7A3;
    }

    private static void check(Choice choice) {
        try (HfTokenizer library = library()) {
            for (int begin = 0; begin <= Character.MAX_CODE_POINT; begin += 0x100) {
                StringBuilder text = new StringBuilder();
                for (int c = begin; c < begin + 0x100; c++) {
                    if (choice.of(c) && Character.getType(c) != Character.SURROGATE) {
                        for (String around : AROUND) {
                            text.append(around.formatted(Character.toString(c))).append('\n');
                        }
                    }
                }
                String[] expected = normalized(library, text.toString()).split("\n", -1);
                assertThat(ComposedForm.of(text.toString()).split("\n", -1))
                        .as("U+%X", begin)
                        .isEqualTo(expected);
            }
        }
    }

    private static HfTokenizer library() {
        ObjectNode definition = Definitions.bytes();
        definition.putObject("normalizer").put("type", "NFC");
        return Definitions.library(definition);
    }

    private static String normalized(HfTokenizer library, String text) {
        int[] ids = library.encode(text);
        byte[] bytes = new byte[ids.length];
        for (int i = 0; i < ids.length; i++) {
            bytes[i] = (byte) ids[i];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
