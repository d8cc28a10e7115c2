package dev.distill.train.teach;

import dev.distill.data.pack.Sample;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.respond.Language;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.TeacherRows;
import dev.distill.train.SampleMaker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A teacher of another vocabulary. It reads the trace in its own template and tokens; where a token of its completion begins at the same character as
 * one of the student's, both tell of the same place. There the teacher's probabilities are gathered by the student's first token of each
 * ({@link VocabularyMap}). A place of which a student's token reaches beyond the teacher's is left out: what follows the teacher's token, and would
 * make the student's, is not known there.
 */
final class AlignedTokens implements TeacherVoice {
    private final Decoder teacher;
    private final SampleRenderer teacherRenderer;
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

    @Override
    public List<SparseDistributions> expect(List<Taught> samples) {
        List<SparseDistributions> all = new ArrayList<>();
        for (Taught taught : samples) {
            all.add(expect(taught));
        }
        return all;
    }

    private SparseDistributions expect(Taught taught) {
        Sample own = new SampleMaker(teacherRenderer, objective).sample(taught.trace());
        TokenText said = completion(own, teacherTokens);
        TokenText learnt = completion(taught.sample(), studentTokens);
        TeacherRows rows = teacher.likeliest(row(own), topK, temperature);
        int[] ids = new int[learnt.length() * topK];
        float[] logProbabilities = new float[ids.length];
        Arrays.fill(ids, SparseDistributions.NONE);
        Map<Integer, Integer> begins = new HashMap<>();
        for (int token = 0; token < said.length(); token++) {
            begins.put(said.start(token), token);
        }
        int firstRow = own.trained().getFirst().from() - 1;
        for (int place = 0; place < learnt.length(); place++) {
            Integer token = begins.get(learnt.start(place));
            if (token != null && (isLast(said, token, learnt, place) || reaches(said, token, learnt, place))) {
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

    private static PackedRow row(Sample sample) {
        int[] targets = new int[sample.length()];
        Arrays.fill(targets, CrossEntropy.NO_TARGET);
        for (Sample.Span span : sample.trained()) {
            System.arraycopy(sample.ids(), span.from(), targets, span.from() - 1, span.to() - span.from());
        }
        return new PackedRow(sample.ids(), targets, Sequences.ofLengths(sample.length()));
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
