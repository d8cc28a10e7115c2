package dev.distill.train.teach;

import dev.distill.data.pack.Packed;
import dev.distill.data.pack.Sample;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.trace.Message;
import dev.distill.respond.Language;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.TeacherRows;
import dev.distill.train.SampleMaker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A teacher of another vocabulary. It reads the text in its own template and tokens; where a token of the completion begins at the same character as
 * one of the student's, both tell of the same place. There the teacher's probabilities are gathered by the student's first token of each
 * ({@link VocabularyMap}). A place of which a student's token reaches beyond the teacher's is left out: what follows the teacher's token, and would
 * make the student's, is not known there.
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
     * @param own the teacher's sample of it
     * @param learnt the student's
     * @param ended whether the last token of both ends the turn
     */
    private record Pair(Sample own, Sample learnt, boolean ended) {}

    @Override
    public List<SparseDistributions> expect(List<Taught> samples) {
        SampleMaker maker = new SampleMaker(teacherRenderer, objective);
        return say(samples, taught -> new Pair(maker.sample(taught.trace()), taught.sample(), true));
    }

    @Override
    public boolean readsMessages() {
        return true;
    }

    @Override
    public List<SparseDistributions> read(List<Written> texts) {
        return say(texts, text -> new Pair(retold(text), text.sample(), text.ended()));
    }

    private <T> List<SparseDistributions> say(List<T> texts, Function<T, Pair> read) {
        List<Pair> pairs = texts.stream().map(read).toList();
        Packed packed = Packed.of(pairs.stream().map(Pair::own).toList());
        PackedRow row = new PackedRow(packed.ids(), packed.targets(), new Sequences(packed.starts()));
        TeacherRows rows = teacher.likeliest(row, topK, temperature);
        List<SparseDistributions> all = new ArrayList<>();
        for (int s = 0; s < pairs.size(); s++) {
            all.add(align(pairs.get(s), rows, packed.starts()[s]));
        }
        return all;
    }

    /** What the student has written, behind the same messages, as the teacher would have read it. */
    private Sample retold(Written text) {
        Sample.Span span = text.sample().trained().getFirst();
        int[] written = Arrays.copyOfRange(text.sample().ids(), span.from(), span.to() - (text.ended() ? 1 : 0));
        int[] prompt = teacherTokens.encode(prompt(text.prompt()));
        String said = studentTokens.decode(written, false) + (text.ended() ? teacherRenderer.endOfTurn() : "");
        int[] ids = teacherTokens.encode(said);
        int[] whole = Arrays.copyOf(prompt, prompt.length + ids.length);
        System.arraycopy(ids, 0, whole, prompt.length, ids.length);
        return new Sample(text.sample().traceId(), whole, List.of(new Sample.Span(prompt.length, whole.length)));
    }

    /** The teacher's prompt, with the reasoning begun in it where the student's begins it, and not where the student writes the mark itself. */
    private String prompt(List<Message> messages) {
        boolean reasoning = objective == SampleMaker.Objective.REASONING;
        String learnt = studentRenderer.prompt(messages, reasoning);
        String own = teacherRenderer.prompt(messages, reasoning);
        String mark = teacherRenderer.markers().start();
        boolean begunThere =
                learnt.stripTrailing().endsWith(studentRenderer.markers().start());
        boolean begunHere = own.stripTrailing().endsWith(mark);
        if (begunThere == begunHere) {
            return own;
        }
        return begunThere ? own + mark + "\n" : own.substring(0, own.lastIndexOf(mark));
    }

    private SparseDistributions align(Pair pair, TeacherRows rows, int start) {
        TokenText said = completion(pair.own, teacherTokens);
        TokenText learnt = completion(pair.learnt, studentTokens);
        int[] ids = new int[learnt.length() * topK];
        float[] logProbabilities = new float[ids.length];
        Arrays.fill(ids, SparseDistributions.NONE);
        Map<Integer, Integer> begins = new HashMap<>();
        for (int token = 0; token < said.length(); token++) {
            begins.put(said.start(token), token);
        }
        int firstRow = start + pair.own.trained().getFirst().from() - 1;
        for (int place = 0; place < learnt.length(); place++) {
            Integer token = begins.get(learnt.start(place));
            if (token != null
                    && (pair.ended && isLast(said, token, learnt, place) || reaches(said, token, learnt, place))) {
                gather(rows, firstRow + token, ids, logProbabilities, place * topK);
            }
        }
        return new SparseDistributions(topK, ids, logProbabilities);
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

    /** Adds up the teacher's tokens by the student's first one. */
    private void gather(TeacherRows rows, int row, int[] ids, float[] logProbabilities, int to) {
        Map<Integer, Double> mass = new HashMap<>();
        for (int i = 0; i < rows.count(row); i++) {
            int id = vocabulary.student(rows.id(row, i));
            if (id != VocabularyMap.NONE) {
                mass.merge(id, StrictMath.exp(rows.logProbability(row, i)), Double::sum);
            }
        }
        List<Map.Entry<Integer, Double>> likeliest = mass.entrySet().stream()
                .sorted(Map.Entry.<Integer, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        for (int i = 0; i < likeliest.size(); i++) {
            ids[to + i] = likeliest.get(i).getKey();
            logProbabilities[to + i] =
                    (float) Math.min(0, StrictMath.log(likeliest.get(i).getValue()));
        }
    }
}
