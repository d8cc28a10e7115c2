package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one trace alone: what its filters say, and the facts by which it is chosen among others. The same trace always gives
 * the same; safe for several threads.
 */
public final class Examiner {
    private final CurationSettings settings;
    private final @Nullable MinHash minHash;
    private final @Nullable MinHash promptHash;
    private final GivenVerdicts given;

    public Examiner(CurationSettings settings) {
        this.settings = settings;
        this.minHash = settings.nearDuplicates() == null ? null : new MinHash(settings.nearDuplicates());
        SimilarPrompts prompts = settings.similarPrompts();
        this.promptHash = prompts == null ? null : new MinHash(prompts.near());
        this.given = GivenVerdicts.of(settings);
    }

    /** A trace about which nothing was found apart. */
    public Examined examine(Trace trace) {
        return examine(trace, List.of());
    }

    /**
     * Looks at a trace.
     *
     * @param trace with the verdicts with which it came, see {@link GivenVerdicts}
     * @param apart what checks of this run that ran apart have found out about it
     */
    public Examined examine(Trace trace, List<Verdict> apart) {
        List<Verdict> found = new ArrayList<>(apart);
        Trace seen = given.of(trace);
        for (Verdict verdict : apart) {
            seen = seen.with(verdict);
        }
        TraceWords words = new TraceWords(trace);
        List<Verdict> failures = new ArrayList<>();
        Outcome correct = Outcome.UNDECIDED;
        for (FilterRule rule : settings.filters()) {
            for (Verdict verdict : rule.filter().findings(seen, words)) {
                found.add(verdict);
                if (rule.drops(verdict)) {
                    failures.add(verdict);
                }
                if (rule.filter() instanceof Correctness) {
                    correct = Correctness.found(verdict);
                }
            }
        }
        boolean compared = failures.isEmpty() || settings.explain();
        MinHash.Sketch sketch = minHash == null || !compared ? null : minHash.sketch(words);
        MinHash.Sketch prompt = compared ? sketchOfPrompt(trace) : null;
        Facts facts = new Facts(
                CanonicalKey.of(trace),
                ExactText.ofPrompt(trace),
                compared ? ExactText.of(trace) : "",
                Facts.lengthOf(trace),
                settings.mix() == null ? "" : settings.mix().classOf(trace),
                correct,
                sketch == null ? null : sketch.fingerprint(),
                prompt == null ? null : prompt.fingerprint());
        return new Examined(
                trace.withVerdicts(given.with(trace.verdicts(), found)),
                failures,
                facts,
                sketch == null ? null : sketch.shingles(),
                prompt == null ? null : prompt.shingles());
    }

    /** Null for a prompt without a word: it is like no other. */
    private MinHash.@Nullable Sketch sketchOfPrompt(Trace trace) {
        SimilarPrompts prompts = settings.similarPrompts();
        if (prompts == null || promptHash == null) {
            return null;
        }
        MinHash.Sketch sketch = promptHash.sketch(prompts.text(trace));
        return sketch.shingles().smallest().length == 0 ? null : sketch;
    }
}
