package dev.distill.teacher.embedded.fault;

import dev.distill.teacher.embedded.problem.Draw;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Text that nobody can read: broken encodings, control characters, symbols, shuffled letters, words without a thread. */
final class Gibberish {
    private static final Phrases PHRASES = Phrases.load("salad.txt");
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final String SYMBOLS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~§¶†‡•¤¦¬°±";

    private Gibberish() {}

    static Draft spoil(Draft honest, Draw draw) {
        Lines lines = Lines.of(honest.reasoning());
        int at = draw.below(lines.size());
        return switch (draw.below(5)) {
            case 0 -> {
                lines.insert(at, rubbish(draw, draw.between(60, 600)));
                yield spoilt(honest, "inserted", lines.text(), honest.answer());
            }
            case 1 ->
                spoilt(
                        honest,
                        "rest",
                        lines.first(at).text() + "\n" + rubbish(draw, draw.between(150, 900)),
                        honest.answer());
            case 2 ->
                spoilt(
                        honest,
                        "answer",
                        honest.reasoning(),
                        rubbish(draw, draw.between(30, 200)) + " " + honest.answer());
            case 3 -> spoilt(honest, "sprinkled", sprinkled(honest.reasoning(), draw), honest.answer());
            default -> spoilt(honest, "shuffled_letters", shuffled(honest.reasoning(), draw), honest.answer());
        };
    }

    private static Draft spoilt(Draft honest, String kind, String reasoning, String answer) {
        return honest.spoilt(ContentFault.UNREADABLE, kind, reasoning, answer);
    }

    private static String rubbish(Draw draw, int length) {
        StringBuilder text = new StringBuilder();
        int kind = draw.below(7);
        while (text.length() < length) {
            text.append(
                    switch (kind) {
                        case 0 -> mojibake(draw);
                        case 1 -> soup(draw, 20);
                        case 2 -> draw.pick(PHRASES.in("word")) + draw.pick(" ", " ", " ", ", ", ". ", " - ");
                        case 3 -> draw.pick(PHRASES.in("junk")) + draw.pick("", " ", "\n");
                        case 4 -> syllables(draw) + " ";
                        case 5 ->
                            Base64.getEncoder()
                                    .encodeToString(
                                            Long.toString(draw.next(), 36).getBytes(StandardCharsets.UTF_8));
                        default -> Character.toString(draw.between(0x2500, 0x28FF)) + (draw.chance(0.1) ? " " : "");
                    });
        }
        return text.toString();
    }

    /** A foreign sentence whose UTF-8 was read as Windows-1252. */
    private static String mojibake(Draw draw) {
        String language = draw.pick("chinese", "russian", "japanese", "greek", "french", "vietnamese");
        String sentence =
                draw.pick(Phrases.load("language/" + language + ".txt").in("sentence"));
        return new String(sentence.getBytes(StandardCharsets.UTF_8), WINDOWS) + " ";
    }

    private static String soup(Draw draw, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int letter = draw.below(4);
            text.append(
                    letter == 0
                            ? (char) ('a' + draw.below(26))
                            : letter == 1
                                    ? (char) ('0' + draw.below(10))
                                    : SYMBOLS.charAt(draw.below(SYMBOLS.length())));
        }
        return text.append(draw.chance(0.3) ? " " : "").toString();
    }

    private static String syllables(Draw draw) {
        StringBuilder word = new StringBuilder();
        for (int i = draw.between(1, 5); i > 0; i--) {
            word.append(draw.pick("b", "d", "fr", "gl", "k", "m", "n", "pr", "qu", "sk", "t", "v", "x", "z"))
                    .append(draw.pick("a", "e", "i", "o", "u", "aa", "ou", "y"));
        }
        return word.toString();
    }

    /** Control characters, replacement characters, zero-width and combining marks between the letters, one at the least. */
    private static String sprinkled(String text, Draw draw) {
        String[] marks = draw.chance(0.5)
                ? new String[] {"\u0001", "\u0007", "\b", "\u000b", "\u001b[0m", "\u007f", "\u0090"}
                : new String[] {"\ufffd", "\ufffd\ufffd", "\u200b", "\u0336", "\u0301\u0323", "\ufeff", "\ue000"};
        double often = draw.pick("0.04", "0.12", "0.4").transform(Double::parseDouble);
        StringBuilder spoilt = new StringBuilder();
        spoilt.append(draw.pick(marks));
        text.codePoints().forEach(c -> {
            spoilt.appendCodePoint(c);
            if (draw.chance(often)) {
                spoilt.append(draw.pick(marks));
            }
        });
        return spoilt.toString();
    }

    /** From some point on the characters of the text are in any order. */
    private static String shuffled(String text, Draw draw) {
        int start = text.length() * draw.between(0, 50) / 100;
        char[] rest = text.substring(start).toCharArray();
        for (int i = rest.length - 1; i > 0; i--) {
            int j = draw.below(i + 1);
            char c = rest[i];
            rest[i] = rest[j];
            rest[j] = c;
        }
        return text.substring(0, start) + new String(rest);
    }
}
