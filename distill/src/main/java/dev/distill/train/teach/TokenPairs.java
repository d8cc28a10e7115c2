package dev.distill.train.teach;

import dev.distill.data.tokenize.Tokenizer;
import dev.distill.teacher.ScoredText.Token;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** For each of a student's tokens the teacher's that begins where it does and reaches as far. */
final class TokenPairs {
    private final @Nullable Token[] pairs;

    private TokenPairs(@Nullable Token[] pairs) {
        this.pairs = pairs;
    }

    /** A place in a text: special tokens may take no characters, several of them in one place. */
    private record Place(int begin, boolean isEmpty, int number) {}

    /**
     * Pairs them in the text with its special tokens written out or, where the server writes none, without.
     *
     * @return null if the teacher's tokens make neither text
     */
    static @Nullable TokenPairs of(List<Token> told, int[] ids, Tokenizer student) {
        for (boolean withoutSpecial : new boolean[] {false, true}) {
            String text = student.decode(ids, withoutSpecial);
            TokenText learnt = TokenText.of(ids, student, withoutSpecial);
            boolean whole = ids.length > 0 && learnt.ends()[ids.length - 1] == text.length();
            if (whole && adds(told, text)) {
                return new TokenPairs(pair(told, learnt, text));
            }
        }
        return null;
    }

    /** Whether the tokens, read one after the other, are this text: one begins or ends where it does, and the words that are told stand in it. */
    private static boolean adds(List<Token> told, String text) {
        CodePoints places = CodePoints.of(text);
        TreeSet<Integer> bounds = new TreeSet<>();
        for (Token token : told) {
            int end = token.begin() + length(token);
            bounds.add(token.begin());
            bounds.add(end);
            if (token.begin() < 0) {
                return false;
            }
            boolean inside = end <= places.count() && !token.text().contains("\uFFFD");
            if (inside && !text.startsWith(token.text(), places.index(token.begin()))) {
                return false;
            }
        }
        return bounds.contains(places.count());
    }

    private static int length(Token token) {
        return token.text().codePointCount(0, token.text().length());
    }

    private static @Nullable Token[] pair(List<Token> told, TokenText learnt, String text) {
        Map<Place, Integer> places = new HashMap<>();
        Map<Place, Integer> numbers = new HashMap<>();
        int[] ends = new int[told.size()];
        for (int i = 0; i < told.size(); i++) {
            int begin = told.get(i).begin();
            ends[i] = i + 1 < told.size() ? told.get(i + 1).begin() : begin + length(told.get(i));
            places.put(next(begin, told.get(i).text().isEmpty(), numbers), i);
        }
        numbers.clear();
        CodePoints codePoints = CodePoints.of(text);
        @Nullable Token[] pairs = new @Nullable Token[learnt.length()];
        for (int token = 0; token < pairs.length; token++) {
            int start = learnt.start(token);
            int end = learnt.ends()[token];
            if (start == TokenText.INSIDE || end == TokenText.INSIDE) {
                continue;
            }
            int begin = codePoints.before(start);
            Integer found = places.get(next(begin, start == end, numbers));
            if (found != null && ends[found] >= codePoints.before(end)) {
                pairs[token] = told.get(found);
            }
        }
        return pairs;
    }

    /**
     * Servers count code points, and Java chars.
     *
     * @param before how many code points lie before each char, and before the end
     * @param index of the char at which each code point begins, and of the end
     */
    private record CodePoints(int[] before, int[] index) {
        static CodePoints of(String text) {
            int[] before = new int[text.length() + 1];
            int[] index = new int[text.codePointCount(0, text.length()) + 1];
            int number = 0;
            for (int at = 0; at < text.length(); at = index[number]) {
                int next = at + Character.charCount(text.codePointAt(at));
                Arrays.fill(before, at + 1, next + 1, ++number);
                index[number] = next;
            }
            return new CodePoints(before, index);
        }

        int before(int at) {
            return before[at];
        }

        int index(int number) {
            return index[number];
        }

        int count() {
            return index.length - 1;
        }
    }

    private static Place next(int begin, boolean isEmpty, Map<Place, Integer> numbers) {
        return new Place(begin, isEmpty, numbers.merge(new Place(begin, isEmpty, 0), 1, Integer::sum));
    }

    /** Null where none is paired with it. */
    @Nullable
    Token of(int token) {
        return pairs[token];
    }
}
