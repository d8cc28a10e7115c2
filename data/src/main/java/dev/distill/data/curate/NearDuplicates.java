package dev.distill.data.curate;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds texts that nearly repeat one that was added before: they share a band of their signature, and the Jaccard similarity of
 * their shingles reaches the threshold. Two questions with different numbers are two problems, however alike their working.
 * Of a group the first stays, so whoever asks in the order of {@link CanonicalKey} gets the same whatever the order of reading:
 * the lexicographically first maximal independent set of the graph in which those that are alike are neighbours. For one thread.
 */
public final class NearDuplicates {
    /** The shingles of texts, wherever they are kept. */
    @FunctionalInterface
    public interface Shelf {
        Shingles get(int text) throws IOException;
    }

    /** An earlier text, by the number under which it was added, and how like it is. */
    public record Match(int earlier, double similarity) {}

    private final double threshold;
    private final Shelf shelf;
    private final BandTable table = new BandTable();

    public NearDuplicates(NearDuplicateSettings settings, Shelf shelf) {
        this.threshold = settings.threshold();
        this.shelf = shelf;
    }

    /** The first text that was added and that this one nearly repeats; null where there is none. */
    public @Nullable Match find(int text, Facts.Fingerprint fingerprint) throws IOException {
        Shingles mine = null;
        for (int candidate : table.candidates(fingerprint)) {
            mine = mine == null ? shelf.get(text) : mine;
            double similarity = shelf.get(candidate).jaccard(mine);
            if (similarity >= threshold) {
                return new Match(candidate, similarity);
            }
        }
        return null;
    }

    /** Remembers a text that stays; later ones have greater numbers. */
    public void add(int text, Facts.Fingerprint fingerprint) {
        table.add(fingerprint, text);
    }
}
