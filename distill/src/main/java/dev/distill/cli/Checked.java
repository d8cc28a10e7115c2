package dev.distill.cli;

/** A command whose words can be wrong in ways that the parser does not see: numbers out of their range, files of another kind. */
interface Checked {
    /** Adds what is wrong, without doing anything else. Called also where the parser found mistakes: options may be missing. */
    void check(Problems problems);
}
