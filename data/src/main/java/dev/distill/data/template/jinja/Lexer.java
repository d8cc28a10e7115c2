package dev.distill.data.template.jinja;

import dev.distill.data.template.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Source to tokens. Whitespace control is settled here: {@code -} and {@code +} at a tag's ends, {@code trim_blocks}
 * (the newline after a block or comment goes) and {@code lstrip_blocks} (the blanks before one that begins a line go);
 * and one newline at the very end goes, as Jinja has it.
 */
final class Lexer {
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}\\p{M}_]*");
    private static final Pattern NUMBER = Pattern.compile("(\\d[\\d_]*)(\\.\\d[\\d_]*)?([eE][+-]?\\d+)?");
    private static final Pattern DIGITS = Pattern.compile("\\d[\\d_]*");
    private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-*/%~<>()[]{}|.,:=";

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String source) {
        this.source = source;
    }

    /** The source as positions count it. */
    static String normalise(String source) {
        String unix = source.replace("\r\n", "\n").replace('\r', '\n');
        return unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
    }

    /** @param source normalised */
    static List<Token> tokens(String source) {
        Lexer lexer = new Lexer(source);
        while (lexer.at < source.length()) {
            lexer.textAndTag();
        }
        lexer.add(Kind.END, "", source.length());
        return lexer.tokens;
    }

    private void add(Kind kind, String text, int offset) {
        tokens.add(new Token(kind, text, offset));
    }

    private TemplateException error(String problem, int offset) {
        return new TemplateException(problem).at(source, offset);
    }

    private void textAndTag() {
        int tag = nextTag();
        if (tag < 0) {
            add(Kind.DATA, source.substring(at), at);
            at = source.length();
            return;
        }
        char kind = source.charAt(tag + 1);
        data(at, tag, kind != '{', tag + 2 < source.length() ? source.charAt(tag + 2) : ' ');
        at = tag + 2;
        if (kind == '#') {
            comment(tag);
        } else if (kind == '%' && raw(tag)) {
            return;
        } else {
            if (at < source.length() && (source.charAt(at) == '-' || source.charAt(at) == '+')) {
                at++;
            }
            add(kind == '%' ? Kind.BLOCK_BEGIN : Kind.VARIABLE_BEGIN, "", tag);
            expression(tag, kind == '%');
        }
    }

    private int nextTag() {
        for (int i = at; i + 1 < source.length(); i++) {
            char next = source.charAt(i + 1);
            if (source.charAt(i) == '{' && (next == '{' || next == '%' || next == '#')) {
                return i;
            }
        }
        return -1;
    }

    /** The text from {@code from} to the tag at {@code to}, trimmed as the tag's sign says. */
    private void data(int from, int to, boolean trimsLine, char sign) {
        int end = to;
        if (sign == '-') {
            while (end > from && Strings.isSpace(source.charAt(end - 1))) {
                end--;
            }
        } else if (trimsLine && sign != '+') {
            int blanks = end;
            while (blanks > from && source.charAt(blanks - 1) != '\n' && Strings.isSpace(source.charAt(blanks - 1))) {
                blanks--;
            }
            if (blanks == 0 || source.charAt(blanks - 1) == '\n') {
                end = blanks;
            }
        }
        if (end > from) {
            add(Kind.DATA, source.substring(from, end), from);
        }
    }

    private void comment(int tag) {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw error("the comment {# has no end #}", tag);
        }
        char sign = source.charAt(end - 1);
        at = end + 2;
        afterTag(end > tag + 2 ? sign : ' ', true);
    }

    private void afterTag(char sign, boolean trimsNewline) {
        if (sign == '-') {
            while (at < source.length() && Strings.isSpace(source.charAt(at))) {
                at++;
            }
        } else if (sign != '+' && trimsNewline && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
    }

    private boolean raw(int tag) {
        Matcher begin = RAW.matcher(source).region(tag, source.length());
        if (!begin.lookingAt()) {
            return false;
        }
        at = begin.end();
        afterTag(begin.group(1).isEmpty() ? ' ' : '-', true);
        Matcher end = END_RAW.matcher(source);
        if (!end.find(at)) {
            throw error("{% raw %} has no {% endraw %}", tag);
        }
        data(at, end.start(), true, end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0));
        at = end.end();
        afterTag(end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0), true);
        return true;
    }

    /** The tokens up to the tag's end. An end inside brackets is none: {@code {{ {'a': {}} }}}. */
    private void expression(int tag, boolean block) {
        String close = block ? "%}" : "}}";
        int open = 0;
        while (true) {
            while (at < source.length() && Strings.isSpace(source.charAt(at))) {
                at++;
            }
            if (at >= source.length()) {
                throw error("the tag has no end " + close, tag);
            }
            char c = source.charAt(at);
            boolean signed = c == '-' || (block && c == '+');
            if (open == 0 && source.startsWith(close, signed ? at + 1 : at)) {
                add(block ? Kind.BLOCK_END : Kind.VARIABLE_END, "", at);
                at += signed ? 3 : 2;
                afterTag(signed ? c : ' ', block);
                return;
            }
            if ("([{".indexOf(c) >= 0) {
                open++;
            } else if (")]}".indexOf(c) >= 0) {
                if (--open < 0) {
                    throw error("\"" + c + "\" closes nothing", at);
                }
            }
            token(c);
        }
    }

    private void token(char c) {
        int start = at;
        if (c == '"' || c == '\'') {
            StringLiteral literal = StringLiteral.read(source, at);
            at = literal.end();
            add(Kind.STRING, literal.value(), start);
        } else if (c >= '0' && c <= '9') {
            boolean afterDot = source.charAt(at - 1) == '.';
            Matcher number = (afterDot ? DIGITS : NUMBER).matcher(source).region(at, source.length());
            boolean found = number.lookingAt();
            assert found;
            at = number.end();
            String digits = number.group().replace("_", "");
            boolean whole = afterDot || (number.group(2) == null && number.group(3) == null);
            add(whole ? Kind.INT : Kind.FLOAT, digits, start);
        } else {
            Matcher name = NAME.matcher(source).region(at, source.length());
            if (name.lookingAt()) {
                at = name.end();
                add(Kind.NAME, name.group(), start);
            } else {
                String operator = operator(c);
                at += operator.length();
                add(Kind.OPERATOR, operator, start);
            }
        }
    }

    private String operator(char c) {
        for (String operator : LONG_OPERATORS) {
            if (source.startsWith(operator, at)) {
                return operator;
            }
        }
        if (OPERATORS.indexOf(c) < 0) {
            throw error("unexpected character \"" + c + "\"", at);
        }
        return String.valueOf(c);
    }
}
