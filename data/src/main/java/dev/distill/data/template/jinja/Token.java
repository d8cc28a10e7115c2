package dev.distill.data.template.jinja;

/**
 * A piece of a template's source.
 *
 * @param text the name, the operator, the digits, the string's value, or the plain text
 * @param at where it begins: an offset into the source with normalised line ends
 */
record Token(Kind kind, String text, int at) {
    enum Kind {
        /** Plain text between the tags. */
        DATA,
        BLOCK_BEGIN,
        BLOCK_END,
        VARIABLE_BEGIN,
        VARIABLE_END,
        NAME,
        STRING,
        INT,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind wanted, String word) {
        return kind == wanted && text.equals(word);
    }

    /** For messages. */
    String describe() {
        return switch (kind) {
            case DATA -> "text";
            case BLOCK_BEGIN -> "{%";
            case BLOCK_END -> "%}";
            case VARIABLE_BEGIN -> "{{";
            case VARIABLE_END -> "}}";
            case STRING -> "a string";
            case END -> "the end of the template";
            case NAME, INT, FLOAT, OPERATOR -> "\"" + text + "\"";
        };
    }
}
