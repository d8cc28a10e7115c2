package dev.distill.data.tokenize;

import java.util.Random;

/** Texts that no one writes, for comparing tokenizers: by chance, from characters at the edges of classes. */
final class WildTexts {
    /** Of each class of characters some, with those that rules name, and lone surrogates. */
    static final String[] CHARACTERS =
            ("a s S \u017F t T r R e E v V l L d m K \u00DF \u00E9 \u03A9 \u0436 \u3042 \u30A2 \u4E00 \u9FA5 \u9FA6 \u4E01 \u3007 \u3040 \u309F"
                            + " \u30A0 \u30FF \u3100 \uAC00 \u1100 \u1161 \u11A8 \u2135 \u00AA \u01C5 \u02B0 \uD835\uDC9C \uD801\uDC00 \u0915 \u0627 \u0644"
                            + " 0 1 9 \u0663 \u00BD \u2167 \u2460 \uD835\uDFD9 ' ' ' \" ! # - . , ( ) < > | _ ~ \u00A1 \u2018 \u2019 \u201C \u2026 + = \u2248"
                            + " \u20AC \u00B0 \u00A9 \uFFFC \uFFFD \uD83D\uDE42 \uD83D\uDC69 \uD83C\uDFFD \uFE0F \u200D \u200B \uFEFF \u00AD"
                            + " \u0301 \u0327 \u0334 \u0345 \u093C \u093E \u094D \u0E33 \u20DD \u1AB0 \u0897 \uD81B\uDD67 \uD804\uDF82 \uD804\uDFC9 \uD834\uDD65"
                            + " \u0000 \u0001 \u001F \u007F \uE000 \u0378 \uFFFF \uD83D \uDE42 \u212B \u2126 e\u0301 A\u030A \uFB01 \uFDFA \uFF76\uFF9E"
                            + " <|im_start|> <think> </think> 's 'LL 're\n n't the ing 2024")
                    .split(" ");

    private static final String[] SPACES = {
        " ", " ", " ", "\n", "\n", "\r", "\t", "\u000B", "\u0085", "\u00A0", "\u1680", "\u2003", "\u2028", "\u202F",
        "\u3000", "\u180E", "\u200B", "\u001C"
    };

    private WildTexts() {}

    /** About so many characters. */
    static String of(Random random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            String next = switch (random.nextInt(8)) {
                case 0, 1 -> SPACES[random.nextInt(SPACES.length)];
                case 2 -> Character.toString(random.nextInt(random.nextBoolean() ? 0x300 : 0x110000));
                default -> CHARACTERS[random.nextInt(CHARACTERS.length)];
            };
            text.append(next.repeat(random.nextInt(6) == 0 ? random.nextInt(1, 12) : 1));
        }
        return text.toString();
    }
}
