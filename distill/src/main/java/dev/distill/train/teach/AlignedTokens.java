package dev.distill.train.teach;

import dev.distill.data.pack.Packed;
import dev.distill.data.pack.Sample;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.template.RenderException;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.respond.Language;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.TeacherRows;
import dev.distill.train.SampleMaker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A teacher of another vocabulary. It reads the student's text behind its own prompt, in its own tokens; where a token of the completion begins at the same character as
 * one of the student's, both tell of the same place. There the teacher's probabilities are gathered by the student's first token of each
 * ({@link VocabularyMap}). A place of which a student's token reaches beyond the teacher's is left out: what follows the teacher's token, and would
 * make the student's, is not known there. Of a text that it cannot read it says nothing ({@link UnreadTexts}).
 */
final class AlignedTokens implements TeacherVoice {
    private final Decoder teacher;
    private final SampleRenderer teacherRenderer;
    private final SampleRenderer studentRenderer;
    private final Tokenizer teacherTokens;
    private final Tokenizer studentTokens;
    private final SampleMaker.Objective objective;
    private final VocabularyMap vocabulary;
    private final int topK;
    private final double temperature;
    private final UnreadTexts unread;

    /**
     * @throws IllegalArgumentException if a tokenizer does not give back the text that it has read, which leaves no places to compare
     */
    AlignedTokens(
            Decoder teacher,
            Language teacherWords,
            Language studentWords,
            SampleMaker.Objective objective,
            int topK,
            double temperature) {
        this.teacher = teacher;
        this.teacherRenderer = teacherWords.renderer();
        this.studentRenderer = studentWords.renderer();
        this.teacherTokens = teacherWords.tokenizer();
        this.studentTokens = studentWords.tokenizer();
        this.objective = objective;
        this.topK = Math.min(topK, teacher.config().vocabulary());
        this.temperature = temperature;
        this.unread = new UnreadTexts(teacher.config().maxPositions());
        requireFaithful(teacherTokens, teacherWords);
        requireFaithful(studentTokens, studentWords);
        this.vocabulary =
                VocabularyMap.of(teacherTokens, studentTokens).with(endOfTurn(teacherWords), endOfTurn(studentWords));
    }

    private static void requireFaithful(Tokenizer tokenizer, Language words) {
        String probe = " a  b\n\tc";
        if (!tokenizer.decode(tokenizer.encode(probe), false).equals(probe)) {
            throw new IllegalArgumentException(
                    "teacher: its probabilities cannot be aligned with the student's tokens, for the tokenizer of "
                            + words.model()
                            + " does not give back the spaces that it reads; take a teacher of the student's vocabulary");
        }
    }

    private static int endOfTurn(Language words) {
        int[] ids = words.tokenizer().encode(words.renderer().endOfTurn().strip());
        return ids[0];
    }

    /**
     * One text in the tokens of both.
     *
     * @param own the teacher's sample of it; null for one that it cannot read
     * @param learnt the student's
     * @param ended whether the last token of both ends the turn
     */
    private record Pair(@Nullable Sample own, Sample learnt, boolean ended) {}

    @Override
    public List<SparseDistributions> expect(List<Taught> samples) {
        return say(samples.stream().map(this::retold).toList());
    }

    @Override
    public boolean readsMessages() {
        return true;
    }

    @Override
    public List<SparseDistributions> read(List<Written> texts) {
        return say(
                texts.stream().map(text -> retold(text, asksForReasoning(text))).toList());
    }

    @Override
    public long unread() {
        return unread.count();
    }

    private List<SparseDistributions> say(List<Pair> pairs) {
        List<Sample> own =
                pairs.stream().map(Pair::own).filter(Objects::nonNull).toList();
        if (own.isEmpty()) {
            return pairs.stream().map(pair -> nothing(pair).distributions()).toList();
        }
        Packed packed = Packed.of(own);
        PackedRow row = new PackedRow(packed.ids(), packed.targets(), new Sequences(packed.starts()));
        TeacherRows rows = teacher.likeliest(row, topK, temperature);
        List<SparseDistributions> all = new ArrayList<>();
        int sequence = 0;
        for (Pair pair : pairs) {
            Gathered said = nothing(pair);
            if (pair.own != null) {
                align(pair, pair.own, rows, packed.starts()[sequence++], said);
            }
            all.add(said.distributions());
        }
        return all;
    }

    private Gathered nothing(Pair pair) {
        return new Gathered(pair.learnt.trainedTokens(), topK);
    }

    /** A trace, whose text is the student's and not what the teacher's template would make of it: else their characters would not be the same. */
    private Pair retold(Taught taught) {
        String thought = taught.trace().reasoning();
        boolean reasoning = objective == SampleMaker.Objective.REASONING && thought != null && !thought.isBlank();
        return retold(new Written(taught.trace().messages(), taught.sample(), true), reasoning);
    }

    /** Whether the student was asked to reason: of a trace without reasoning it may have been asked not to. */
    private boolean asksForReasoning(Written text) {
        return objective == SampleMaker.Objective.REASONING
                && studentPrompt(text.sample()).equals(studentRenderer.prompt(text.prompt(), true));
    }

    /**
     * What the student is to say, or has written, behind the same messages, as the teacher would have read it.
     *
     * @param reasoning whether the prompt asks for it
     */
    private Pair retold(Written text, boolean reasoning) {
        Sample learnt = text.sample();
        Sample.Span span = learnt.trained().getFirst();
        int[] written = Arrays.copyOfRange(learnt.ids(), span.from(), span.to() - (text.ended() ? 1 : 0));
        String said = studentTokens.decode(written, false) + (text.ended() ? teacherRenderer.endOfTurn() : "");
        int[] ids = teacherTokens.encode(said);
        Sample own = null;
        if (!teacherTokens.decode(ids, false).equals(said)) {
            unread.add(UnreadTexts.Why.CHANGED, learnt.traceId(), said.length() + " characters");
        } else {
            try {
                int[] prompt = teacherTokens.encode(prompt(text, reasoning));
                int[] whole = Arrays.copyOf(prompt, prompt.length + ids.length);
                System.arraycopy(ids, 0, whole, prompt.length, ids.length);
                own = new Sample(learnt.traceId(), whole, List.of(new Sample.Span(prompt.length, whole.length)));
            } catch (RenderException e) {
                unread.add(UnreadTexts.Why.NOT_RENDERED, learnt.traceId(), String.valueOf(e.getMessage()));
            }
        }
        return new Pair(own == null || unread.isTooLong(own) ? null : own, learnt, text.ended());
    }

    /** The teacher's prompt, with the reasoning begun in it where the student's begins it, and not where the student writes the mark itself. */
    private String prompt(Written text, boolean reasoning) {
        String own = teacherRenderer.prompt(text.prompt(), reasoning);
        String mark = teacherRenderer.markers().start();
        String before = own.stripTrailing().endsWith(mark) ? own.substring(0, own.lastIndexOf(mark)) : own;
        String learnt = studentPrompt(text.sample());
        String learntMark = studentRenderer.markers().start();
        if (!learnt.stripTrailing().endsWith(learntMark)) {
            return before;
        }
        String lines = learnt.substring(learnt.lastIndexOf(learntMark) + learntMark.length());
        return before + mark + lines;
    }

    private String studentPrompt(Sample sample) {
        int[] ids = Arrays.copyOf(sample.ids(), sample.trained().getFirst().from());
        return studentTokens.decode(ids, false);
    }

    private void align(Pair pair, Sample own, TeacherRows rows, int start, Gathered gathered) {
        TokenText said = completion(own, teacherTokens);
        TokenText learnt = completion(pair.learnt, studentTokens);
        Map<Integer, Integer> begins = new HashMap<>();
        for (int token = 0; token < said.length(); token++) {
            begins.put(said.start(token), token);
        }
        int firstRow = start + own.trained().getFirst().from() - 1;
        for (int place = 0; place < learnt.length(); place++) {
            Integer token = begins.get(learnt.start(place));
            if (token != null
                    && (pair.ended && isLast(said, token, learnt, place) || reaches(said, token, learnt, place))) {
                gather(rows, firstRow + token, gathered);
            }
            gathered.put(place);
        }
    }

    /** Both end the turn, each in its own word. */
    private static boolean isLast(TokenText said, int token, TokenText learnt, int place) {
        return place == learnt.length() - 1 && token == said.length() - 1;
    }

    /** Both begin at one character, and the teacher's token goes as far as the student's. */
    private static boolean reaches(TokenText said, int token, TokenText learnt, int place) {
        return learnt.start(place) != TokenText.INSIDE
                && learnt.ends()[place] != TokenText.INSIDE
                && said.ends()[token] >= learnt.ends()[place];
    }

    /** The tokens that are trained, which a sample of one trace has in one piece. */
    private static TokenText completion(Sample sample, Tokenizer tokenizer) {
        Sample.Span span = sample.trained().getFirst();
        return TokenText.of(Arrays.copyOfRange(sample.ids(), span.from(), span.to()), tokenizer);
    }

    /** The teacher's tokens, each for the student's first one. */
    private void gather(TeacherRows rows, int row, Gathered gathered) {
        for (int i = 0; i < rows.count(row); i++) {
            int id = vocabulary.student(rows.id(row, i));
            if (id != VocabularyMap.NONE) {
                gathered.add(id, rows.logProbability(row, i));
            }
        }
    }
}
