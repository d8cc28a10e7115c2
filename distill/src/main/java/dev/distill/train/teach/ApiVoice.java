package dev.distill.train.teach;

import dev.distill.data.pack.Sample;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.teacher.ScoredText;
import dev.distill.teacher.ScoredText.Token;
import dev.distill.teacher.ScoringRequest;
import dev.distill.teacher.score.ScoringClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * A teacher behind the completions API. It is given the student's sample as text; where the server tells ids, and they are the student's, it is given
 * these from then on, and its words are taken as they are. Else they are aligned: a place of the student is one of the teacher if both tokens begin at the same character and the
 * teacher's goes as far, and the teacher's words count for the student's first token of each, as {@link AlignedTokens} has it. A special token, which
 * some servers write as nothing, is paired with one that takes no characters in the same place.
 */
public final class ApiVoice implements TeacherVoice {
    private static final String BROKEN = "\uFFFD";

    private final ScoringClient server;
    private final Tokenizer student;
    private final int rows;
    private final int topK;
    private final ConcurrentHashMap<String, Integer> firstIds = new ConcurrentHashMap<>();
    private volatile Vocabulary vocabulary = Vocabulary.UNKNOWN;

    /** The server's, against the student's. */
    private enum Vocabulary {
        UNKNOWN,
        SAME,
        OTHER
    }

    /** @param rows of the student's embedding */
    public ApiVoice(ScoringClient server, Tokenizer student, int rows, int topK) {
        this.server = server;
        this.student = student;
        this.rows = rows;
        this.topK = topK;
    }

    @Override
    public List<SparseDistributions> expect(List<Taught> samples) {
        return samples.stream().map(taught -> expect(taught.sample())).toList();
    }

    /** What it expects at the trained tokens of one sample. */
    SparseDistributions expect(Sample sample) {
        return distributions(sample.ids(), places(sample), "trace " + sample.traceId());
    }

    @Override
    public boolean readsMessages() {
        return false;
    }

    /** A request for each text. */
    @Override
    public List<SparseDistributions> read(List<Written> texts) {
        return texts.stream()
                .map(Written::sample)
                .map(sample -> distributions(sample.ids(), places(sample), "a text of the student's own"))
                .toList();
    }

    private static int[] places(Sample sample) {
        return sample.trained().stream()
                .flatMapToInt(span -> IntStream.range(span.from(), span.to()))
                .toArray();
    }

    /** @param places tokens of which the teacher is to tell what it expected there */
    private SparseDistributions distributions(int[] ids, int[] places, String what) {
        try {
            String text = student.decode(ids, false);
            return switch (vocabulary) {
                case UNKNOWN -> met(told(ScoringRequest.of(text, topK, true)), text, ids, places);
                case SAME -> {
                    List<Integer> tokens = Arrays.stream(ids).boxed().toList();
                    List<Token> told = told(new ScoringRequest(text, tokens, topK, true));
                    int before = Ids.before(told, ids);
                    if (before < 0) {
                        throw new IOException("the server tells other ids than those that it was given");
                    }
                    yield byIds(told, before, places);
                }
                case OTHER -> byText(told(ScoringRequest.of(text, topK, false)), text, ids, places);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException("teacher: " + what + " was not scored: " + e.getMessage(), e));
        }
    }

    private List<Token> told(ScoringRequest request) throws IOException {
        return server.score(request).tokens();
    }

    /** The first texts show whether the server's ids are the student's: they are if it cuts one into the same. */
    private SparseDistributions met(List<Token> told, String text, int[] ids, int[] places) throws IOException {
        int before = Ids.before(told, ids);
        if (before >= 0) {
            vocabulary = Vocabulary.SAME;
            return byIds(told, before, places);
        }
        if (vocabulary == Vocabulary.UNKNOWN) {
            vocabulary = Vocabulary.OTHER;
        }
        return byText(Ids.areWritten(told) ? told(ScoringRequest.of(text, topK, false)) : told, text, ids, places);
    }

    /** The tokens' ids, where the server tells them. */
    private static final class Ids {
        /** How many tokens the server reads before the student's first; -1 if they are not the student's ids. */
        static int before(List<Token> tokens, int[] ids) {
            for (int before = 0; before <= 1; before++) {
                if (tokens.size() >= before + ids.length && match(tokens, before, ids)) {
                    return before;
                }
            }
            return -1;
        }

        private static boolean match(List<Token> tokens, int before, int[] ids) {
            for (int i = 0; i < ids.length; i++) {
                if (tokens.get(before + i).id() != ids[i]) {
                    return false;
                }
            }
            return true;
        }

        /** Whether ids stand in the place of texts. */
        static boolean areWritten(List<Token> tokens) {
            return tokens.stream().allMatch(token -> token.text().isEmpty() && token.id() != ScoredText.NO_ID);
        }
    }

    private SparseDistributions byIds(List<Token> tokens, int before, int[] places) {
        Gathered gathered = new Gathered(places.length, topK);
        for (int i = 0; i < places.length; i++) {
            tokens.get(before + places[i]).likeliest().stream()
                    .filter(candidate -> candidate.id() >= 0 && candidate.id() < rows)
                    .forEach(candidate -> gathered.add(candidate.id(), candidate.logProbability()));
            gathered.put(i);
        }
        return gathered.distributions();
    }

    /** A text of the student's own may hold bytes that are no characters: of it nothing is known that could be aligned. */
    private SparseDistributions byText(List<Token> told, String text, int[] ids, int[] places) throws IOException {
        TokenPairs pairs = TokenPairs.of(EchoShift.undone(told), ids, student);
        if (pairs == null && !text.contains(BROKEN)) {
            throw new IOException(
                    "the tokens that the server tells do not add up to the text that it was given; does it change texts,"
                            + " or cut them? Its context must hold " + ids.length + " tokens and one more");
        }
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
