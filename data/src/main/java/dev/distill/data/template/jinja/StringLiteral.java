package dev.distill.data.template.jinja;

/**
 * A string in quotes, with Python's escapes.
 *
 * @param end the offset after the closing quote
 */
record StringLiteral(String value, int end) {
    /** Reads the literal whose opening quote is at this offset. */
    static StringLiteral read(String source, int start) {
        char quote = source.charAt(start);
        StringBuilder value = new StringBuilder();
        int at = start + 1;
        while (at < source.length() && source.charAt(at) != quote) {
            char c = source.charAt(at);
            if (c == '\\' && at + 1 < source.length()) {
                at = escape(source, at + 1, value);
            } else {
                value.append(c);
                at++;
            }
        }
        if (at >= source.length()) {
            throw new TemplateException("the string has no closing " + quote).at(source, start);
        }
        return new StringLiteral(value.toString(), at + 1);
    }

    /** Appends what the escape with its letter at this offset stands for; gives the offset after it. */
    private static int escape(String source, int at, StringBuilder value) {
        char letter = source.charAt(at);
        switch (letter) {
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'a' -> value.append('\u0007');
            case 'v' -> value.append('\u000B');
            case '\\', '\'', '"' -> value.append(letter);
            case '\n' -> {} // a line that goes on
            case 'x' -> {
                return code(source, at + 1, 2, 16, value);
            }
            case 'u' -> {
                return code(source, at + 1, 4, 16, value);
            }
            case 'U' -> {
                return code(source, at + 1, 8, 16, value);
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                int digits = 1;
                while (digits < 3
                        && at + digits < source.length()
                        && Character.digit(source.charAt(at + digits), 8) >= 0) {
                    digits++;
                }
                return code(source, at, digits, 8, value);
            }
            default -> value.append('\\').append(letter); // Python keeps an escape that it does not know
        }
        return at + 1;
    }

    private static int code(String source, int at, int digits, int radix, StringBuilder value) {
        try {
            value.appendCodePoint(Integer.parseInt(source.substring(at, at + digits), radix));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new TemplateException("an escape in the string is no character").at(source, at);
        }
        return at + digits;
    }
}
