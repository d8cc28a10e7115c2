package dev.distill.data.answer;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads a number out of an answer's text: separators of thousands are taken out, a decimal point stands where there was one,
 * and digits that repeat for ever are put in round brackets ({@code 0.1(6)}).
 */
final class Digits {
    /** How a comma between digits outside brackets is meant. */
    enum Comma {
        /** Before three digits it separates thousands. */
        THOUSANDS,
        /** It is the decimal point. */
        DECIMAL,
        /** It separates items. */
        LIST
    }

    private static final String[] BARS = {"\\overline", "\\bar"};

    private final String text;
    private final Comma comma;
    private int at;

    Digits(String text, Comma comma) {
        this.text = text;
        this.comma = comma;
    }

    /** Where the number that was read last ends. */
    int end() {
        return at;
    }

    /** Whether a number begins here. */
    boolean startsAt(int index) {
        return isDigit(index)
                || (index < text.length()
                        && text.charAt(index) == '.'
                        && (isDigit(index + 1) || repeating(index + 1) != null));
    }

    /**
     * The number that begins here.
     *
     * @param brackets whether it stands in brackets, where commas separate items
     */
    String read(int start, boolean brackets) throws Unreadable {
        at = start;
        StringBuilder digits = new StringBuilder();
        takeDigits(digits);
        boolean point = false;
        boolean groups = digits.length() <= 3 && (digits.isEmpty() || digits.charAt(0) != '0');
        while (at < text.length()) {
            int separator = point || !groups ? 0 : thousandsSeparator(brackets);
            int sign = point ? 0 : pointLength(brackets);
            if (separator > 0) {
                at += separator;
                takeDigits(digits);
            } else if (sign > 0 && (isDigit(at + sign) || repeating(at + sign) != null)) {
                point = true;
                at += sign;
                digits.append('.');
                takeDigits(digits);
            } else {
                break;
            }
        }
        return point ? digits + repetition() : digits.toString();
    }

    /** The digits that repeat from here on, in brackets; nothing where none do. */
    private String repetition() throws Unreadable {
        String digits = repeating(at);
        boolean last = digits == null
                && bracketed(at) != null
                && text.substring(text.indexOf(')', at) + 1).isBlank();
        if (last) {
            throw new Unreadable("a decimal before digits in brackets: repeating, or a product");
        }
        if (digits == null) {
            return "";
        }
        at = text.indexOf(text.charAt(at) == '(' ? ')' : '}', at) + 1;
        return "(" + digits + ")";
    }

    /** The digits under a bar here, or right behind the point in round brackets; null where there are none. */
    private @Nullable String repeating(int index) {
        for (String bar : BARS) {
            if (text.startsWith(bar, index)) {
                int brace = index + bar.length();
                return text.startsWith("{", brace) ? digitsUpTo(brace + 1, '}') : null;
            }
        }
        boolean pointBefore = index > 0 && text.charAt(index - 1) == '.';
        return pointBefore ? bracketed(index) : null;
    }

    private @Nullable String bracketed(int index) {
        return text.startsWith("(", index) ? digitsUpTo(index + 1, ')') : null;
    }

    private @Nullable String digitsUpTo(int start, char close) {
        int end = start;
        while (isDigit(end)) {
            end++;
        }
        return end > start && end < text.length() && text.charAt(end) == close ? text.substring(start, end) : null;
    }

    /** Length of a decimal point here; 0 where there is none. */
    private int pointLength(boolean brackets) {
        boolean decimalComma = comma == Comma.DECIMAL && text.charAt(at) == ',' && !brackets;
        return text.charAt(at) == '.' || decimalComma ? 1 : text.startsWith("{,}", at) ? 3 : 0;
    }

    /** Length of a thousands separator here; 0 where there is none. Exactly three digits must follow. */
    private int thousandsSeparator(boolean brackets) {
        int length = 0;
        if (text.startsWith("{,}", at)) {
            length = 3;
        } else if (text.startsWith(",\\!", at)) {
            length = 3;
            while (at + length < text.length() && text.charAt(at + length) == ' ') {
                length++;
            }
        } else if (text.startsWith("\\,", at) || text.startsWith("\\!", at)) {
            length = 2;
        } else if (text.charAt(at) == ',' && comma == Comma.THOUSANDS && !brackets) {
            length = 1;
        } else if (" \u00a0\u202f\u2009".indexOf(text.charAt(at)) >= 0) {
            length = 1;
        }
        return length > 0 && isGroup(at + length) ? length : 0;
    }

    /** Three digits and no more. */
    private boolean isGroup(int index) {
        return isDigit(index) && isDigit(index + 1) && isDigit(index + 2) && !isDigit(index + 3);
    }

    private void takeDigits(StringBuilder digits) {
        while (isDigit(at)) {
            digits.append((char) ('0' + Character.digit(text.charAt(at), 10)));
            at++;
        }
    }

    private boolean isDigit(int index) {
        return index < text.length() && Character.isDigit(text.charAt(index));
    }

    /**
     * Another way to mean the commas between the digits of a text.
     *
     * @param likely whether the text is written so: a list of two numbers of one digit is as likely as a decimal
     */
    record OtherReading(Comma comma, boolean likely) {}

    /** How commas between digits may be meant too; null where nothing is open. In brackets they separate items. */
    static @Nullable OtherReading otherReading(String text) {
        Digits digits = new Digits(text, Comma.THOUSANDS);
        int first = -1;
        int commas = 0;
        int depth = 0;
        for (int i = 1; i + 1 < text.length(); i++) {
            depth += "([{".indexOf(text.charAt(i - 1)) >= 0 ? 1 : ")]}".indexOf(text.charAt(i - 1)) >= 0 ? -1 : 0;
            if (text.charAt(i) == ',' && depth == 0 && digits.isDigit(i - 1) && digits.isDigit(i + 1)) {
                first = first < 0 ? i : first;
                commas++;
            }
        }
        if (first < 0) {
            return null;
        }
        if (digits.isGroup(first + 1) && !digits.isZero(first - 1)) {
            return text.charAt(first + 1) == '0' ? null : new OtherReading(Comma.LIST, true);
        }
        boolean alone = commas == 1 && text.indexOf(',') == text.lastIndexOf(',');
        return alone || text.indexOf(';') >= 0
                ? new OtherReading(Comma.DECIMAL, alone && digits.isDigit(first + 2))
                : null;
    }

    /** A nought that no digit stands before: what follows its comma are decimals, not thousands. */
    private boolean isZero(int index) {
        return text.charAt(index) == '0' && (index == 0 || !isDigit(index - 1));
    }

    /** The value of a number as {@link #read} gives it; a repeating one is exact, and so no rounded decimal. */
    static Expr.Number value(String digits) {
        int bracket = digits.indexOf('(');
        if (bracket < 0) {
            return new Expr.Number(Rational.of(new BigDecimal(digits)), digits.contains("."));
        }
        String fixed = digits.substring(0, bracket);
        String repeated = digits.substring(bracket + 1, digits.length() - 1);
        int decimals = fixed.length() - fixed.indexOf('.') - 1;
        BigInteger nines = BigInteger.TEN.pow(repeated.length()).subtract(BigInteger.ONE);
        Rational share = new Rational(new BigInteger(repeated), nines.multiply(BigInteger.TEN.pow(decimals)));
        return new Expr.Number(Rational.of(new BigDecimal(fixed + "0")).plus(share), false);
    }
}
