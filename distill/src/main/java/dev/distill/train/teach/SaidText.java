package dev.distill.train.teach;

import dev.distill.data.shard.SaidTokens;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ScoredText;
import dev.distill.teacher.ScoredText.Candidate;
import dev.distill.teacher.ScoredText.Token;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a teacher has written, laid over the text that a student is taught: where its reasoning and its answer stand in it, its tokens do;
 * what the student's template wrote around them is one token each of which nothing is expected. Bytes decide, for the two cut texts in ways of their own.
 */
final class SaidText {
    private final List<SaidTokens.Token> said;
    private final byte[] bytes;
    /** Where each token begins in the bytes; and the end. */
    private final int[] begins;

    private final String text;
    private final List<Token> laid = new ArrayList<>();
    /** How far the text is covered, in code points and in chars. */
    private int codePoints;

    private int covered;
    /** Bytes behind that which make no whole character yet. */
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

    private SaidText(List<SaidTokens.Token> said, String text) {
        this.said = said;
        this.text = text;
        this.begins = new int[said.size() + 1];
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < said.size(); i++) {
            begins[i] = all.size();
            all.writeBytes(said.get(i).bytes());
        }
        begins[said.size()] = all.size();
        this.bytes = all.toByteArray();
    }

    /**
     * Lays them.
     *
     * @param text that the student is taught, with all that its template writes
     * @return tokens that make the whole text; null where neither reasoning nor answer is found in both
     */
    static @Nullable List<Token> lay(SaidTokens tokens, Trace trace, String text) {
        SaidText laid = new SaidText(tokens.tokens(), text);
        String reasoning = trace.reasoning() == null ? "" : trace.reasoning().strip();
        String answer = trace.answer().strip();
        int answerAt = answer.isEmpty() ? text.length() : text.lastIndexOf(answer);
        int reasoningAt = reasoning.isEmpty() || answerAt < 0 ? -1 : text.lastIndexOf(reasoning, answerAt);
        int from = 0;
        boolean any = false;
        if (reasoningAt >= 0 && reasoningAt + reasoning.length() <= answerAt) {
            from = laid.lay(reasoning, reasoningAt, 0);
            any = from > 0;
        }
        if (!answer.isEmpty() && answerAt >= 0) {
            any |= laid.lay(answer, answerAt, from) > from;
        }
        laid.fill(text.length());
        return any ? laid.laid : null;
    }

    /** Lays the tokens of one text that stands at this char, sought from this byte; returns the byte behind it, or where it was sought if it is not there. */
    private int lay(String part, int at, int from) {
        byte[] sought = part.getBytes(StandardCharsets.UTF_8);
        int begin = find(sought, from);
        if (begin < 0) {
            return from;
        }
        unfinished.reset();
        int end = begin + sought.length;
        int first = Arrays.binarySearch(begins, begin);
        int i = first < 0
                ? -first - 1
                : firstOf(first); // the first that begins inside, for one before it begins with what is not taught
        if (i < said.size() && begins[i] < end) {
            fill(at + new String(bytes, begin, begins[i] - begin, StandardCharsets.UTF_8).length());
        }
        for (; i < said.size() && begins[i + 1] <= end; i++) {
            put(said.get(i));
        }
        return end;
    }

    /** Of several that begin there, for some have no bytes. */
    private int firstOf(int found) {
        int first = found;
        while (first > 0 && begins[first - 1] == begins[found]) {
            first--;
        }
        return first;
    }

    private int find(byte[] sought, int from) {
        for (int at = from; at + sought.length <= bytes.length; at++) {
            if (Arrays.mismatch(bytes, at, at + sought.length, sought, 0, sought.length) < 0) {
                return at;
            }
        }
        return -1;
    }

    /** A token of which nothing is expected, from what is covered to this char. */
    private void fill(int to) {
        if (to > covered) {
            String gap = text.substring(covered, to);
            laid.add(new Token(gap, ScoredText.NO_ID, codePoints, Double.NaN, List.of()));
            codePoints += gap.codePointCount(0, gap.length());
            covered = to;
        }
    }

    /** One of the teacher's; part of a character stands where the character begins. */
    private void put(SaidTokens.Token token) {
        if (token.bytes().length == 0) {
            return;
        }
        laid.add(new Token(
                word(token.bytes()), ScoredText.NO_ID, codePoints, token.logProbability(), candidates(token)));
        unfinished.writeBytes(token.bytes());
        String whole = unfinished.toString(StandardCharsets.UTF_8);
        if (text.startsWith(whole, covered)) {
            covered += whole.length();
            codePoints += whole.codePointCount(0, whole.length());
            unfinished.reset();
        }
    }

    /** The likeliest, and the token itself where it is not among them. */
    private static List<Candidate> candidates(SaidTokens.Token token) {
        List<Candidate> candidates = new ArrayList<>();
        boolean itself = false;
        for (SaidTokens.Candidate likely : token.likeliest()) {
            candidates.add(new Candidate(word(likely.bytes()), ScoredText.NO_ID, likely.logProbability()));
            itself |= Arrays.equals(likely.bytes(), token.bytes());
        }
        if (!itself) {
            candidates.add(new Candidate(word(token.bytes()), ScoredText.NO_ID, token.logProbability()));
        }
        return candidates;
    }

    private static String word(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
