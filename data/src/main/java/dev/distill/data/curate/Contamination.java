package dev.distill.data.curate;

import dev.distill.data.trace.Verdict;
import java.util.Locale;
import java.util.Optional;

/** The ways in which a trace can hold what is held out, for counting: each is told from a verdict alone. */
public enum Contamination {
    /** The prompt asks a held-out question. */
    QUESTION("by question", "the question is: "),
    /** The reasoning or the answer writes a held-out question out. */
    QUOTED("quoted in the reply", "the reply quotes: "),
    /** The reasoning or the answer goes the way of a held-out solution. */
    SOLUTION("follows the solution", "the reply follows the solution: "),
    /** The prompt asks a held-out question in other words, or the reply quotes it so. */
    FUZZY("fuzzy", "");

    /** What ends the reason of a fuzzy finding; no held-out text ends so, since brackets are folded away. */
    private static final String NEARLY = " (nearly)";

    private final String words;
    private final String beginning;

    Contamination(String words, String beginning) {
        this.words = words;
        this.beginning = beginning;
    }

    /** In files: {@code question}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For people: {@code by question}. */
    public String words() {
        return words;
    }

    /** Of a verdict that a {@link Decontamination} gave; empty for one that passed, or is another filter's. */
    public static Optional<Contamination> of(Verdict verdict) {
        if (!verdict.by().startsWith(Decontamination.PREFIX) || verdict.outcome() != Verdict.Outcome.FAIL) {
            return Optional.empty();
        }
        if (verdict.reason().endsWith(NEARLY)) {
            return Optional.of(FUZZY);
        }
        for (Contamination kind : values()) {
            if (!kind.beginning.isEmpty() && verdict.reason().startsWith(kind.beginning)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** The reason of a verdict: what was found, and the beginning of the held-out text. */
    String reason(String heldOut, boolean nearly) {
        return beginning + heldOut + (nearly ? NEARLY : "");
    }
}
