package dev.distill.teacher.embedded.problem;

import java.util.List;

/** Word problems. */
final class WordForms {
    static final List<Form> FORMS = List.of(
            form(
                    "{N} buys {c} {boxes|bags|packs} of {a} {o} and finds {d} more. How many {o} does {N} have?",
                    "{a}*{c}+{d}"),
            form(
                    "{N} has {a} {o} and {M} has {b}. They share them equally among {c} {friends|children|people}. How many {o} does each get?",
                    "({a}+{b})/{c}"),
            form("{N} has {a} {o} and {M} has {b}. They give away {d}. How many {o} are left?", "({a}+{b})-{d}"),
            form("{N} buys {c} {boxes|bags|packs} of {a} {o} and sells {d}. How many {o} are left?", "{a}*{c}-{d}"),
            form(
                    "A book has {g} pages. {N} reads {a} pages on {Monday|Friday} and {b} on {Tuesday|Sunday}. How many pages are left?",
                    "{g}-{a}-{b}"),
            form(
                    "{N} has {a} {o} and loses {b}. {M} has {c} times as many as are left. How many {o} does {M} have?",
                    "({a}-{b})*{c}"),
            form(
                            "{N} buys {c} {boxes|bags|packs} of {a} {o} and sells {d}. {k} {friends|children|people} share the rest equally. How many {o} does each get?",
                            "({a}*{c}-{d})/{k}")
                    .onlyForHard(),
            form(
                            "{N} has {a} {o} and {M} has {b}. They give away {d} and share the rest equally among {c} {friends|children|people}. How many {o} does each get?",
                            "({a}+{b}-{d})/{c}")
                    .onlyForHard());

    private WordForms() {}

    private static Form form(String story, String solution) {
        return Form.of(List.of(story), solution);
    }
}
