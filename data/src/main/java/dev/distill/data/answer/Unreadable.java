package dev.distill.data.answer;

/** The text is no expression that the parser knows; comparison falls back on the text itself. */
final class Unreadable extends Exception {
    Unreadable(String what) {
        super(what, null, false, false);
    }
}
