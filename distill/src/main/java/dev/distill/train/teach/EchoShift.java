package dev.distill.train.teach;

import dev.distill.teacher.ScoredText;
import dev.distill.teacher.ScoredText.Token;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A server's mistake, found and undone: llama.cpp's Python server (0.3.36) tells with each token of an echoed text what it expects <em>after</em> it,
 * unless a beginning of sequence stands before the text. A text of its own making shows which it is: a model's likeliest word stands there far more
 * often than in the place before.
 */
final class EchoShift {
    /** Of the tokens; less than this tells nothing. */
    private static final double MARGIN = 0.1;

    private EchoShift() {}

    /** The tokens, each with what was expected in its own place. */
    static List<Token> undone(List<Token> tokens) {
        if (!isShifted(tokens)) {
            return tokens;
        }
        List<Token> right = new ArrayList<>();
        right.add(tokens.getFirst());
        for (int i = 1; i < tokens.size(); i++) {
            right.add(tokens.get(i).expecting(tokens.get(i - 1)));
        }
        return right;
    }

    private static boolean isShifted(List<Token> tokens) {
        int here = 0;
        int after = 0;
        for (int i = 1; i < tokens.size(); i++) {
            here += isLikeliest(tokens.get(i), tokens.get(i)) ? 1 : 0;
            after += isLikeliest(tokens.get(i), tokens.get(i - 1)) ? 1 : 0;
        }
        return after - here > MARGIN * tokens.size();
    }

    private static boolean isLikeliest(Token token, Token place) {
        return place.likeliest().stream()
                .max(Comparator.comparingDouble(ScoredText.Candidate::logProbability))
                .filter(best -> !best.text().isEmpty() && best.text().equals(token.text()))
                .isPresent();
    }
}
