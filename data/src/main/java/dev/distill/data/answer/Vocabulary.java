package dev.distill.data.answer;

import dev.distill.data.answer.Token.Kind;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The LaTeX commands, signs and words that answers are made of. */
final class Vocabulary {
    /** Commands that only change how things look; what stands in their braces stays. */
    static final Set<String> LAYOUT = Set.of(
            "left",
            "right",
            "big",
            "Big",
            "bigg",
            "Bigg",
            "bigl",
            "bigr",
            "Bigl",
            "Bigr",
            "displaystyle",
            "textstyle",
            "limits",
            "nolimits",
            "quad",
            "qquad",
            "boxed",
            "fbox",
            "hspace",
            "rm",
            "bf",
            "it",
            "vec",
            "hat",
            "mathbb",
            "mathcal",
            "mathsf",
            "underline",
            "thinspace");

    /** Commands whose braces hold words. */
    static final Set<String> TEXT = Set.of(
            "text",
            "textbf",
            "textit",
            "textrm",
            "textnormal",
            "textsf",
            "mbox",
            "hbox",
            "mathrm",
            "mathbf",
            "mathit",
            "operatorname",
            "mathop",
            "emph",
            "underset");

    private static final Map<String, Token> COMMANDS = new HashMap<>();
    private static final Map<String, Token> WORDS = new HashMap<>();
    private static final Map<Integer, Token> SIGNS = new HashMap<>();

    static {
        for (String letter :
                ("alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu"
                                + " xi rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi"
                                + " Omega ell hbar angle triangle emptyset")
                        .split(" ")) {
            COMMANDS.put(letter, new Token(Kind.LETTER, letter));
        }
        COMMANDS.put("varnothing", new Token(Kind.LETTER, "emptyset"));
        for (String name : ("frac sqrt binom sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan ln log exp pi"
                        + " infty circ begin end lfloor rfloor lceil rceil")
                .split(" ")) {
            COMMANDS.put(name, new Token(Kind.COMMAND, name));
        }
        alias(COMMANDS, Kind.COMMAND, "frac", "dfrac", "tfrac", "cfrac");
        alias(COMMANDS, Kind.COMMAND, "binom", "dbinom", "tbinom");
        alias(COMMANDS, Kind.COMMAND, "circ", "degree", "textdegree");
        alias(COMMANDS, Kind.COMMAND, "percent", "%");
        alias(COMMANDS, Kind.OPERATOR, "*", "cdot", "times", "ast");
        alias(COMMANDS, Kind.OPERATOR, "/", "div");
        alias(COMMANDS, Kind.OPERATOR, "±", "pm");
        alias(COMMANDS, Kind.OPERATOR, "∓", "mp");
        alias(COMMANDS, Kind.COMMAND, "bar", "bar", "overline");
        alias(COMMANDS, Kind.CURRENCY, "$", "$");
        alias(COMMANDS, Kind.CURRENCY, "£", "pounds");
        alias(COMMANDS, Kind.CURRENCY, "€", "euro");
        alias(COMMANDS, Kind.RELATION, "LESS_OR_EQUAL", "le", "leq", "leqslant");
        alias(COMMANDS, Kind.RELATION, "GREATER_OR_EQUAL", "ge", "geq", "geqslant");
        alias(COMMANDS, Kind.RELATION, "LESS", "lt");
        alias(COMMANDS, Kind.RELATION, "GREATER", "gt");
        alias(COMMANDS, Kind.RELATION, "NOT_EQUAL", "ne", "neq");
        alias(COMMANDS, Kind.RELATION, "EQUAL", "equiv");
        alias(COMMANDS, Kind.RELATION, "APPROXIMATELY", "approx", "simeq", "sim", "cong", "doteq");
        alias(COMMANDS, Kind.RELATION, "IN", "in");
        alias(COMMANDS, Kind.SET_OPERATOR, "cup", "cup");
        alias(COMMANDS, Kind.SET_OPERATOR, "cap", "cap");
        alias(COMMANDS, Kind.SET_OPERATOR, "setminus", "setminus", "backslash");
        alias(COMMANDS, Kind.OPEN, "{", "{", "lbrace");
        alias(COMMANDS, Kind.CLOSE, "}", "}", "rbrace");
        alias(COMMANDS, Kind.OPEN, "(", "langle", "lparen");
        alias(COMMANDS, Kind.CLOSE, ")", "rangle", "rparen");
        alias(COMMANDS, Kind.OPEN, "[", "lbrack");
        alias(COMMANDS, Kind.CLOSE, "]", "rbrack");
        alias(COMMANDS, Kind.BAR, "|", "vert", "lvert", "rvert", "mid", "|");

        for (String name : "sin cos tan cot sec csc arcsin arccos arctan ln log exp sqrt pi".split(" ")) {
            alias(WORDS, Kind.COMMAND, name, name);
        }
        alias(WORDS, Kind.COMMAND, "infty", "infinity", "infty", "inf", "oo");
        alias(WORDS, Kind.COMMAND, "percent", "percent", "pct");
        alias(WORDS, Kind.COMMAND, "circ", "degrees", "degree", "deg");
        alias(WORDS, Kind.SEPARATOR, "and", "and");
        alias(WORDS, Kind.SEPARATOR, "or", "or");
        alias(WORDS, Kind.OPERATOR, "-", "minus");
        alias(WORDS, Kind.OPERATOR, "+", "plus");

        signs(Kind.OPERATOR, "+", "+＋");
        signs(Kind.OPERATOR, "-", "-−–﹣－");
        signs(Kind.OPERATOR, "*", "*×·⋅∙");
        signs(Kind.OPERATOR, "/", "/÷∕⁄");
        signs(Kind.OPERATOR, "^", "^");
        signs(Kind.OPERATOR, "_", "_");
        signs(Kind.OPERATOR, "!", "!");
        signs(Kind.OPERATOR, ":", ":∶：");
        signs(Kind.OPERATOR, "±", "±");
        signs(Kind.OPERATOR, "∓", "∓");
        signs(Kind.RELATION, "EQUAL", "=≡");
        signs(Kind.RELATION, "NOT_EQUAL", "≠");
        signs(Kind.RELATION, "LESS", "<");
        signs(Kind.RELATION, "GREATER", ">");
        signs(Kind.RELATION, "LESS_OR_EQUAL", "≤⩽");
        signs(Kind.RELATION, "GREATER_OR_EQUAL", "≥⩾");
        signs(Kind.RELATION, "APPROXIMATELY", "≈≃");
        signs(Kind.RELATION, "IN", "∈");
        signs(Kind.SET_OPERATOR, "cup", "∪");
        signs(Kind.SET_OPERATOR, "cap", "∩");
        signs(Kind.SET_OPERATOR, "setminus", "∖");
        signs(Kind.SEPARATOR, ",", ",;，；、");
        signs(Kind.OPEN, "(", "(（");
        signs(Kind.CLOSE, ")", ")）");
        signs(Kind.OPEN, "[", "[");
        signs(Kind.CLOSE, "]", "]");
        signs(Kind.BAR, "|", "|");
        signs(Kind.BRACE_OPEN, "{", "{");
        signs(Kind.BRACE_CLOSE, "}", "}");
        signs(Kind.CELL, "&", "&");
        signs(Kind.COMMAND, "percent", "%％");
        signs(Kind.COMMAND, "circ", "°");
        for (String currency : "€ £ ¥ ₹ ¢".split(" ")) {
            signs(Kind.CURRENCY, currency, currency);
        }
        signs(Kind.COMMAND, "sqrt", "√");
        signs(Kind.COMMAND, "pi", "π");
        signs(Kind.COMMAND, "infty", "∞");
        signs(Kind.LETTER, "theta", "θ");
        signs(Kind.LETTER, "alpha", "α");
        signs(Kind.LETTER, "beta", "β");
        signs(Kind.LETTER, "emptyset", "∅");
    }

    private Vocabulary() {}

    private static void alias(Map<String, Token> table, Kind kind, String canonical, String... names) {
        for (String name : names) {
            table.put(name, new Token(kind, canonical));
        }
    }

    private static void signs(Kind kind, String canonical, String characters) {
        characters.codePoints().forEach(c -> SIGNS.put(c, new Token(kind, canonical)));
    }

    /** The token of a LaTeX command without its backslash; null for one that is not known. */
    static @Nullable Token command(String name) {
        return COMMANDS.get(name);
    }

    /** The token of a word of plain text that means something in mathematics; null for other words. */
    static @Nullable Token word(String word) {
        return WORDS.get(word);
    }

    /** Whether a word names a function, a constant or an operation, so that it is no answer in words. */
    static boolean isMathematics(String word) {
        Token token = WORDS.get(word.length() > 2 ? word.toLowerCase(Locale.ROOT) : word);
        return token != null
                && token.kind() != Kind.SEPARATOR
                && !token.text().equals("percent")
                && !token.text().equals("circ");
    }

    static @Nullable Token sign(int character) {
        return SIGNS.get(character);
    }
}
