package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import java.util.List;

/**
 * Sketches of texts for finding those that nearly repeat others: MinHash signatures in bands (Broder 1997; Leskovec, Rajaraman,
 * Ullman, Mining of Massive Datasets, 3.4) propose candidates, the Jaccard similarity of the shingles decides. Safe for several
 * threads.
 */
public final class MinHash {
    private final NearDuplicateSettings settings;
    private final int rows;
    private final long[] multiplier;
    private final long[] offset;

    /** What is remembered of a text. */
    public record Sketch(Shingles shingles, Facts.Fingerprint fingerprint) {}

    public MinHash(NearDuplicateSettings settings) {
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

    /** Of reasoning and answer together, with the numbers of the question. */
    public Sketch sketch(Trace trace) {
        return sketch(new TraceWords(trace));
    }

    Sketch sketch(TraceWords words) {
        return sketch(
                List.of(words.reasoning(), words.answer()), words.question().words());
    }

    /** Of a question alone. */
    Sketch sketch(String question) {
        Reading reading = Reading.of(question);
        return sketch(List.of(reading), reading.words());
    }

    private Sketch sketch(List<Reading> texts, Words question) {
        Shingles shingles = Shingles.of(texts, settings.words(), settings.maxShingles());
        return new Sketch(shingles, new Facts.Fingerprint(bands(shingles), question.numbersKey()));
    }

    private long[] bands(Shingles shingles) {
        int[] signature = new int[multiplier.length];
        for (int i = 0; i < signature.length; i++) {
            int least = Integer.MAX_VALUE;
            for (int hash : shingles.smallest()) {
                least = Math.min(least, (int) ((hash * multiplier[i] + offset[i]) >>> 33));
            }
            signature[i] = least;
        }
        long[] bands = new long[signature.length / rows];
        for (int band = 0; band < bands.length; band++) {
            long key = band;
            for (int row = band * rows; row < (band + 1) * rows; row++) {
                key = Words.mixed(key * 0x9E3779B97F4A7C15L + signature[row]);
            }
            bands[band] = key;
        }
        return bands;
    }
}
