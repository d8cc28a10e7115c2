package dev.distill.teacher.embedded.problem;

import java.util.List;
import java.util.Map;

/** Word problems. */
final class WordForms {
    private static final Range TENS = new Range.Between(10, 99);
    private static final Range FACTOR = new Range.Factor();
    private static final Range TWO_DIGITS = new Range.Fixed(10, 99);

    static final List<Form> FORMS = List.of(
            form(
                    "{N} has {a} {o} and buys {c} {boxes|bags|packs} of {b} {o}. Then {N} gives away {d}. How many {o} are left?",
                    "{b}*{c}+{a}-{d}",
                    Map.of("a", TENS, "b", TENS, "c", FACTOR, "d", TENS)),
            form(
                    "{N} has {a} {o} and {M} has {b}. They put them equally into {c} {bags|boxes|jars}. How many {o} are in each?",
                    "({a}+{b})/{c}",
                    Map.of("a", TENS, "b", TENS, "c", FACTOR)),
            form(
                    "{N} has {a} {o}. {M} has {c} times as many and finds {b} more. How many {o} do they have together?",
                    "{a}*{c}+{b}+{a}",
                    Map.of("a", TENS, "b", TENS, "c", FACTOR)),
            form(
                    "{N} buys {c} {lamps|chairs|shirts|toys} for {a} dollars each and pays with {d} dollars. How much change does {N} get?",
                    "{d}-{a}*{c}",
                    Map.of("a", TENS, "c", FACTOR, "d", new Range.Between(100, 999))),
            form(
                    "A book has {d} pages. {N} reads {a} pages on {Monday|Friday} and {b} pages on {Tuesday|Sunday}. How many pages are left?",
                    "{d}-({a}+{b})",
                    Map.of("a", TENS, "b", TENS, "d", new Range.Between(100, 299))),
            form(
                            "{N} earns {a} dollars a day for {c} days and spends {d} dollars. The rest is shared equally by {k} {friends|children|people}. How many dollars does each get?",
                            "({a}*{c}-{d})/{k}",
                            Map.of("a", TENS, "c", FACTOR, "d", TENS, "k", FACTOR))
                    .least(1, 10),
            form(
                            "{N} has {a} {o}. {M} has {c} times as many. They give away {d} and put the rest equally into {k} {bags|boxes|jars}. How many {o} are in each?",
                            "({a}*{c}+{a}-{d})/{k}",
                            Map.of("a", TWO_DIGITS, "c", FACTOR, "d", TWO_DIGITS, "k", FACTOR))
                    .least(2, 10)
                    .onlyForHard(),
            form(
                            "{N} sells {c} {lamps|chairs} for {a} dollars each and {e} {shirts|toys} for {b} dollars each, and then pays {d} dollars for a stand. The rest is shared equally by {k} {friends|children|people}. How many dollars does each get?",
                            "({a}*{c}+{b}*{e}-{d})/{k}",
                            Map.of(
                                    "a",
                                    TWO_DIGITS,
                                    "b",
                                    TWO_DIGITS,
                                    "c",
                                    FACTOR,
                                    "d",
                                    TWO_DIGITS,
                                    "e",
                                    FACTOR,
                                    "k",
                                    FACTOR))
                    .least(3, 10)
                    .onlyForHard());

    private WordForms() {}

    private static Form form(String story, String solution, Map<String, Range> ranges) {
        return Form.of(List.of(story), solution, ranges);
    }
}
