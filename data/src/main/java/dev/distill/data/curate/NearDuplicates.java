package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds traces whose reasoning and answer nearly repeat those of an earlier trace: MinHash signatures in bands (Broder
 * 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4) propose candidates, the Jaccard similarity of the
 * shingles decides. Two questions with different numbers are two problems, however alike their working.
 *
 * <p>Fingerprints may be made on any thread; traces are asked for and added in order, on one. Of a group the first stays.
 */
final class NearDuplicates {
    /** What is remembered of a trace: its shingles and one key for each band. */
    record Fingerprint(Shingles shingles, List<Long> bands) {}

    /** An earlier trace, by the number under which it was added, and how like it is. */
    record Match(int earlier, double similarity) {}

    private final NearDuplicateSettings settings;
    private final int rows;
    private final long[] multiplier;
    private final long[] offset;
    private final BandTable table = new BandTable();
    private final List<Shingles> added = new ArrayList<>();

    NearDuplicates(NearDuplicateSettings settings) {
        this.settings = settings;
        this.rows = settings.rows();
        this.multiplier = new long[settings.permutations()];
        this.offset = new long[settings.permutations()];
        long state = 0x5EED;
        for (int i = 0; i < multiplier.length; i++) {
            state = Words.mixed(state + 0x9E3779B97F4A7C15L);
            multiplier[i] = state | 1;
            state = Words.mixed(state + 0x9E3779B97F4A7C15L);
            offset[i] = state;
        }
    }

    Fingerprint fingerprint(Trace trace) {
        List<Words> texts =
                List.of(Words.of(trace.reasoning() == null ? "" : trace.reasoning()), Words.of(trace.answer()));
        Shingles shingles = Shingles.of(texts, Words.of(trace.question()), settings.words(), settings.maxShingles());
        return new Fingerprint(shingles, bands(shingles));
    }

    /** Of a question alone. */
    Fingerprint fingerprint(String question) {
        Words words = Words.of(question);
        Shingles shingles = Shingles.of(List.of(words), words, settings.words(), settings.maxShingles());
        return new Fingerprint(shingles, bands(shingles));
    }

    private List<Long> bands(Shingles shingles) {
        int[] signature = new int[multiplier.length];
        for (int i = 0; i < signature.length; i++) {
            int least = Integer.MAX_VALUE;
            for (int hash : shingles.smallest()) {
                least = Math.min(least, (int) ((hash * multiplier[i] + offset[i]) >>> 33));
            }
            signature[i] = least;
        }
        List<Long> bands = new ArrayList<>();
        for (int band = 0; (band + 1) * rows <= signature.length; band++) {
            long key = band;
            for (int row = band * rows; row < (band + 1) * rows; row++) {
                key = Words.mixed(key * 0x9E3779B97F4A7C15L + signature[row]);
            }
            bands.add(key);
        }
        return bands;
    }

    /** The first earlier trace that this one nearly repeats; null where there is none. */
    @Nullable
    Match find(Fingerprint fingerprint) {
        for (int candidate : table.candidates(fingerprint.bands())) {
            Shingles earlier = added.get(candidate);
            if (earlier.numbers() == fingerprint.shingles().numbers()) {
                double similarity = earlier.jaccard(fingerprint.shingles());
                if (similarity >= settings.threshold()) {
                    return new Match(candidate, similarity);
                }
            }
        }
        return null;
    }

    /** Remembers a trace that is kept; returns its number, counted from 0. */
    int add(Fingerprint fingerprint) {
        table.add(fingerprint.bands(), added.size());
        added.add(fingerprint.shingles());
        return added.size() - 1;
    }
}
