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
    private final AlignedWords words;
    private final EchoShift shift = new EchoShift();
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
        this.words = new AlignedWords(student, rows, topK);
    }

    @Override
    public List<SparseDistributions> expect(List<Taught> samples) {
        return taken(samples.stream().map(taught -> ask(taught.sample())).toList());
    }

    /** Asks the server about one sample. */
    Told ask(Sample sample) {
        return ask(sample, "trace " + sample.traceId());
    }

    /** Learns how the server tells from what it told an earlier process. */
    void remember(Told told) {
        if (told.isAligned()) {
            vocabulary = Vocabulary.OTHER;
            shift.meet(told.tokens());
        } else {
            vocabulary = Vocabulary.SAME;
        }
    }

    /** Whether it is known how this server tells; else more of its texts may show it. */
    boolean isClear() {
        return vocabulary == Vocabulary.SAME || shift.isClear();
    }

    @Override
    public boolean readsMessages() {
        return false;
    }

    /** A request for each text. */
    @Override
    public List<SparseDistributions> read(List<Written> texts) {
        return taken(texts.stream()
                .map(text -> ask(text.sample(), "a text of the student's own"))
                .toList());
    }

    /** All are asked for before the first is taken, for they show together how the server tells. */
    private List<SparseDistributions> taken(List<Told> told) {
        return told.stream().map(this::taken).toList();
    }

    /** What it expects at the trained tokens of the text. */
    SparseDistributions taken(Told told) {
        return told.isAligned() ? byText(told) : byIds(told);
    }

    private Told ask(Sample sample, String what) {
        int[] ids = sample.ids();
        try {
            String text = student.decode(ids, false);
            Told told = switch (vocabulary) {
                case UNKNOWN -> met(told(ScoringRequest.of(text, topK, true)), text, sample);
                case SAME -> {
                    List<Integer> given = Arrays.stream(ids).boxed().toList();
                    List<Token> tokens = told(new ScoringRequest(text, given, topK, true));
                    int before = Ids.before(tokens, ids);
                    if (before < 0) {
                        throw new IOException("the server tells other ids than those that it was given");
                    }
                    yield Told.of(tokens, sample, before);
                }
                case OTHER -> aligned(told(ScoringRequest.of(text, topK, false)), sample);
            };
            requireWhole(told, text);
            return told;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException("teacher: " + what + " was not scored: " + e.getMessage(), e));
        }
    }

    private List<Token> told(ScoringRequest request) throws IOException {
        return server.score(request).tokens();
    }

    /** The first texts show whether the server's ids are the student's: they are if it cuts one into the same. */
    private Told met(List<Token> tokens, String text, Sample sample) throws IOException {
        int before = Ids.before(tokens, sample.ids());
        if (before >= 0) {
            vocabulary = Vocabulary.SAME;
            return Told.of(tokens, sample, before);
        }
        if (vocabulary == Vocabulary.UNKNOWN) {
            vocabulary = Vocabulary.OTHER;
        }
        return aligned(Ids.areWritten(tokens) ? told(ScoringRequest.of(text, topK, false)) : tokens, sample);
    }

    private Told aligned(List<Token> tokens, Sample sample) {
        shift.meet(tokens);
        return Told.of(tokens, sample, Told.ALIGNED);
    }

    /** A text of the student's own may hold bytes that are no characters; any other is told whole. */
    private void requireWhole(Told told, String text) throws IOException {
        if (told.isAligned() && !text.contains(BROKEN) && TokenPairs.of(told.tokens(), told.ids(), student) == null) {
            throw new IOException(
                    "the tokens that the server tells do not add up to the text that it was given; does it change texts,"
                            + " or cut them? Its context must hold " + told.ids().length + " tokens and one more");
        }
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

    private SparseDistributions byIds(Told told) {
        Gathered gathered = new Gathered(told.places().length, topK);
        for (int i = 0; i < told.places().length; i++) {
            told.tokens().get(told.before() + told.places()[i]).likeliest().stream()
                    .filter(candidate -> candidate.id() >= 0 && candidate.id() < rows)
                    .forEach(candidate -> gathered.add(candidate.id(), candidate.logProbability()));
            gathered.put(i);
        }
        return gathered.distributions();
    }

    /** Of a text of bytes that are no characters nothing is known that could be aligned. */
    private SparseDistributions byText(Told told) {
        TokenPairs pairs = TokenPairs.of(shift.undone(told.tokens()), told.ids(), student);
        return words.at(told.places(), told.ids(), pairs);
    }
}
