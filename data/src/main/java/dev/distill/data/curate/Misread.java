package dev.distill.data.curate;

import java.nio.charset.Charset;

/**
 * Finds mojibake: UTF-8 that was read as Windows-1252. A character whose Windows-1252 byte begins a UTF-8 sequence,
 * followed by as many whose bytes continue one, is hardly ever meant (the idea of ftfy).
 */
final class Misread {
    private static final int[] BYTES = bytes();

    private Misread() {}

    /** How many places look so, twice where there is no doubt; known wreckage of Chinese encodings counts too. */
    static int count(String text) {
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 128) {
                continue;
            }
            int following = following(text.charAt(i));
            int seen = 0;
            while (seen < following && i + 1 + seen < text.length() && isContinuation(text.charAt(i + 1 + seen))) {
                seen++;
            }
            if (following > 0 && seen == following) {
                count += isSure(text, i) ? 2 : 1;
                i += following;
            }
        }
        return count + occurrences(text, "锟斤拷") * 2 + occurrences(text, "烫烫烫") * 2;
    }

    /** {@code Ã©}, {@code Â°}, {@code â€™}: no language has these; an É before a closing quote is honest. */
    private static boolean isSure(String text, int at) {
        char second = text.charAt(at + 1);
        return switch (text.charAt(at)) {
            case 'Ã', 'Â' -> second >= 0xA0 && second <= 0xBF && second != '»';
            case 'â' -> second == '€' || second == 'ˆ';
            default -> false;
        };
    }

    /** How many continuation bytes the UTF-8 lead byte behind this character asks for; 0 for no lead byte. */
    private static int following(char c) {
        int value = c < BYTES.length ? BYTES[c] : 0;
        if (c == '×' || c == '÷' || value < 0xC2 || value > 0xF4) {
            return 0; // 3×½ is arithmetic
        }
        return value < 0xE0 ? 1 : value < 0xF0 ? 2 : 3;
    }

    private static boolean isContinuation(char c) {
        int value = c < BYTES.length ? BYTES[c] : 0;
        return value >= 0x80 && value <= 0xBF;
    }

    private static int occurrences(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /** Windows-1252 bytes from 0x80 on by character; 0 elsewhere. Bytes that it leaves out stand for themselves. */
    private static int[] bytes() {
        int[] bytes = new int[0x2200];
        Charset windows = Charset.forName("windows-1252");
        for (int value = 0x80; value <= 0xFF; value++) {
            bytes[value] = value;
            char c = windows.decode(java.nio.ByteBuffer.wrap(new byte[] {(byte) value}))
                    .get(0);
            if (c < bytes.length) {
                bytes[c] = value;
            }
        }
        return bytes;
    }
}
