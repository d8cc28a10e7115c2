package dev.distill.data.answer;

import java.util.ArrayList;
import java.util.List;

/** What comparing two expressions gave. */
enum Match {
    SAME,
    DIFFERENT,
    /** Neither could be shown. */
    UNKNOWN;

    static Match of(boolean same) {
        return same ? SAME : DIFFERENT;
    }

    /** All must be the same; one difference decides. */
    Match and(Match other) {
        if (this == DIFFERENT || other == DIFFERENT) {
            return DIFFERENT;
        }
        return this == SAME ? other : this;
    }

    /** One that is the same decides. */
    Match or(Match other) {
        if (this == SAME || other == SAME) {
            return SAME;
        }
        return this == DIFFERENT ? other : this;
    }

    /** A comparison of two things. */
    interface Comparison<T> {
        Match compare(T gold, T prediction);
    }

    /** Item by item, in order. */
    static <T> Match inOrder(List<T> gold, List<T> prediction, Comparison<T> comparison) {
        if (gold.size() != prediction.size()) {
            return DIFFERENT;
        }
        Match match = SAME;
        for (int i = 0; i < gold.size() && match != DIFFERENT; i++) {
            match = match.and(comparison.compare(gold.get(i), prediction.get(i)));
        }
        return match;
    }

    /** In any order, each item with one of its own: {@code 3, 3, 5} is not {@code 3, 5, 5}. */
    static <T> Match oneToOne(List<T> gold, List<T> prediction, Comparison<T> comparison) {
        if (gold.size() != prediction.size()) {
            return DIFFERENT;
        }
        List<T> free = new ArrayList<>(prediction);
        Match match = SAME;
        for (T item : gold) {
            int found = -1;
            Match best = DIFFERENT;
            for (int i = 0; i < free.size() && best != SAME; i++) {
                Match one = comparison.compare(item, free.get(i));
                found = one == SAME || (one == UNKNOWN && best == DIFFERENT) ? i : found;
                best = best.or(one);
            }
            match = match.and(best);
            if (best == SAME) {
                free.remove(found);
            }
        }
        return match;
    }

    /** As sets: each item has its like on the other side, so that an item written twice counts once. */
    static <T> Match inAnyOrder(List<T> gold, List<T> prediction, Comparison<T> comparison) {
        Match match = SAME;
        boolean[] met = new boolean[prediction.size()];
        for (T item : gold) {
            Match best = DIFFERENT;
            for (int i = 0; i < prediction.size(); i++) {
                Match one = comparison.compare(item, prediction.get(i));
                met[i] |= one == SAME;
                best = best.or(one);
            }
            match = match.and(best);
        }
        for (boolean each : met) {
            match = match.and(each ? SAME : match == UNKNOWN ? UNKNOWN : DIFFERENT);
        }
        return match;
    }
}
