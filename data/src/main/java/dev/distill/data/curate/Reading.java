package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A text as {@link Words}, with what several filters ask of them, each made once. For one thread at a time. */
final class Reading {
    private record Grams(int n, long[] hashes) {}

    private final Words words;
    private final List<Grams> grams = new ArrayList<>();
    private @Nullable Problem problem;

    Reading(Words words) {
        this.words = words;
    }

    static Reading of(String text) {
        return new Reading(Words.of(text));
    }

    Words words() {
        return words;
    }

    /** {@link Words#grams}; not to be changed. */
    long[] grams(int n) {
        for (Grams made : grams) {
            if (made.n() == n) {
                return made.hashes();
            }
        }
        Grams made = new Grams(n, words.grams(n));
        grams.add(made);
        return made.hashes();
    }

    Problem problem() {
        if (problem == null) {
            problem = Problem.of(words);
        }
        return problem;
    }
}
