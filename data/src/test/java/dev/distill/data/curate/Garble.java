package dev.distill.data.curate;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Ways in which a readable text becomes unreadable. */
enum Garble {
    SHUFFLED,
    REVERSED,
    NO_VOWELS,
    ROTATED,
    DOUBLED,
    MASHED,
    RANDOM_LETTERS,
    LEET,
    CASES,
    GLUED,
    SPACED,
    PUNCTUATED,
    SOUP,
    SYMBOLS,
    STACKED_ACCENTS,
    MISREAD,
    REPLACED,
    ENTITIES,
    TAGS,
    ESCAPES,
    BYTE_TOKENS,
    BASE64;

    private static final String KEYS = "asdfghjklqwertyuiopzxcvbnm";

    String of(String text, Random random) {
        return switch (this) {
            case SHUFFLED -> words(text, word -> shuffled(word, random));
            case REVERSED ->
                words(text, word -> new StringBuilder(word).reverse().toString());
            case NO_VOWELS -> text.replaceAll("[aeiou]", "");
            case ROTATED -> letters(text, c -> Character.toString((c - 'a' + 13) % 26 + 'a'));
            case DOUBLED -> letters(text, c -> Character.toString(c).repeat(2));
            case MASHED -> words(text, word -> keys(word.length() + 2, random));
            case RANDOM_LETTERS -> letters(text, _ -> Character.toString('a' + random.nextInt(26)));
            case LEET ->
                text.replace('a', '4')
                        .replace('e', '3')
                        .replace('o', '0')
                        .replace('s', '5')
                        .replace('t', '7');
            case CASES -> cases(text);
            case GLUED -> text.replaceAll("[ ,.]+", "");
            case SPACED ->
                text.replaceAll("[ ,.]+", "").replaceAll("(.)", "$1 ").strip();
            case PUNCTUATED -> text.replace(" ", ";,!? ".substring(random.nextInt(2), 4) + ":;");
            case SOUP -> soup(text.length(), random);
            case SYMBOLS -> symbols(text.length() / 3, random);
            case STACKED_ACCENTS -> letters(text, c -> Character.toString(c) + "\u0300\u0316\u0335\u0361");
            case MISREAD ->
                new String(("it’s " + text + " – é").getBytes(StandardCharsets.UTF_8), Charset.forName("windows-1252"));
            case REPLACED -> letters(text, c -> c == 'e' ? "\uFFFD" : Character.toString(c));
            case ENTITIES -> text.replace(" ", "&nbsp;");
            case TAGS -> "<div class=\"step\"><p>" + text + "</p></div>";
            case ESCAPES -> letters(text, c -> c == 'e' ? "\\u00e9" : Character.toString(c));
            case BYTE_TOKENS -> text.replace(" ", "Ġ") + "Ċ";
            case BASE64 -> Base64.getEncoder().encodeToString((text + text).getBytes(StandardCharsets.UTF_8));
        };
    }

    private static String words(String text, UnaryOperator<String> change) {
        StringBuilder changed = new StringBuilder();
        for (String word : text.split(" ")) {
            changed.append(change.apply(word)).append(' ');
        }
        return changed.toString().strip();
    }

    private static String letters(String text, java.util.function.IntFunction<String> change) {
        StringBuilder changed = new StringBuilder();
        text.chars().forEach(c -> changed.append(c >= 'a' && c <= 'z' ? change.apply(c) : Character.toString(c)));
        return changed.toString();
    }

    private static String shuffled(String word, Random random) {
        List<String> letters = new ArrayList<>(List.of(word.split("")));
        Collections.shuffle(letters, random);
        return String.join("", letters);
    }

    private static String keys(int length, Random random) {
        StringBuilder keys = new StringBuilder();
        while (keys.length() < length) {
            keys.append(KEYS.charAt(random.nextInt(KEYS.length())));
        }
        return keys.toString();
    }

    private static String cases(String text) {
        StringBuilder changed = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            changed.append(i % 2 == 0 ? text.charAt(i) : Character.toUpperCase(text.charAt(i)));
        }
        return changed.toString();
    }

    private static String soup(int length, Random random) {
        StringBuilder soup = new StringBuilder();
        while (soup.length() < length) {
            soup.append(random.nextInt(6) == 0 ? ' ' : (char) (33 + random.nextInt(94)));
        }
        return soup.toString();
    }

    private static String symbols(int length, Random random) {
        String symbols = "▓▒♞☭✪⚔☯♜✿❀☢☣⌘❖✦♨☼";
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(symbols.charAt(random.nextInt(symbols.length())));
        }
        return text.toString();
    }
}
