package dev.distill.train.teach;

import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.teacher.ScoredText.Token;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A teacher's words in a student's ids: each counts for the student's first token of it. */
final class AlignedWords {
    private static final String BROKEN = "\uFFFD";

    private final Tokenizer student;
    private final int rows;
    private final int topK;
    private final ConcurrentHashMap<String, Integer> firstIds = new ConcurrentHashMap<>();

    /** @param rows of the student's embedding */
    AlignedWords(Tokenizer student, int rows, int topK) {
        this.student = student;
        this.rows = rows;
        this.topK = topK;
    }

    /**
     * What the teacher expected at these places of the student's ids.
     *
     * @param pairs of the two's tokens; null where nothing is known that could be aligned
     */
    SparseDistributions at(int[] places, int[] ids, @Nullable TokenPairs pairs) {
        Gathered gathered = new Gathered(places.length, topK);
        for (int i = 0; i < places.length; i++) {
            Token token = pairs == null ? null : pairs.of(places[i]);
            if (token != null) {
                gather(token, ids[places[i]], gathered);
            }
            gathered.put(i);
        }
        return gathered.distributions();
    }

    /** A word without text may be any special token: it is only known where it stands in the text itself. */
    private void gather(Token token, int own, Gathered gathered) {
        if (token.text().isEmpty()) {
            if (Double.isNaN(token.logProbability())) {
                return;
            }
            gathered.add(own, token.logProbability());
        }
        token.likeliest().forEach(candidate -> {
            int id = firstId(candidate.text());
            if (id != VocabularyMap.NONE) {
                gathered.add(id, candidate.logProbability());
            }
        });
    }

    /** The student's first token of a text; {@link VocabularyMap#NONE} for none, and for part of a character. */
    private int firstId(String text) {
        if (text.isEmpty() || text.contains(BROKEN)) {
            return VocabularyMap.NONE;
        }
        return firstIds.computeIfAbsent(text, word -> {
            int[] ids = student.encode(word);
            return ids.length == 0 || ids[0] >= rows ? VocabularyMap.NONE : ids[0];
        });
    }
}
