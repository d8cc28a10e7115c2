package dev.distill.train.teach;

import dev.distill.teacher.ScoredText;
import dev.distill.teacher.ScoredText.Token;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A server's mistake, found and undone: llama.cpp's Python server (0.3.36) tells with each token of an echoed text what it expects <em>after</em> it,
 * unless a beginning of sequence stands before the text. Texts show which it is: a model's likeliest word stands there more often than in the place
 * before. One short text may be chance, so a server's texts are counted together until they are clear. Safe for many threads.
 */
final class EchoShift {
    /** Of the tokens; less than this tells nothing. */
    private static final double MARGIN = 0.1;

    /** Words by which one of the two must be ahead. */
    private static final int LEAST = 10;

    private int tokens;
    private int here;
    private int after;

    /** Counts a text, unless it is clear without it. */
    synchronized void meet(List<Token> text) {
        if (isClear()) {
            return;
        }
        tokens += text.size();
        for (int i = 1; i < text.size(); i++) {
            here += isLikeliest(text.get(i), text.get(i)) ? 1 : 0;
            after += isLikeliest(text.get(i), text.get(i - 1)) ? 1 : 0;
        }
    }

    /** Whether the texts so far leave no doubt; it stays so. */
    synchronized boolean isClear() {
        int ahead = Math.abs(after - here);
        return ahead >= LEAST && ahead > MARGIN * tokens;
    }

    private synchronized boolean isShifted() {
        return after - here > MARGIN * tokens;
    }

    /** The tokens, each with what was expected in its own place. */
    List<Token> undone(List<Token> text) {
        if (!isShifted()) {
            return text;
        }
        List<Token> right = new ArrayList<>();
        right.add(text.getFirst());
        for (int i = 1; i < text.size(); i++) {
            right.add(text.get(i).expecting(text.get(i - 1)));
        }
        return right;
    }

    private static boolean isLikeliest(Token token, Token place) {
        return place.likeliest().stream()
                .max(Comparator.comparingDouble(ScoredText.Candidate::logProbability))
                .filter(best -> !best.text().isEmpty() && best.text().equals(token.text()))
                .isPresent();
    }
}
