package dev.distill.train.teach;

import dev.distill.data.pack.Packed;
import dev.distill.data.pack.Sample;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.TeacherRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;

/**
 * A teacher of the student's own vocabulary, who reads the very ids that the student is trained on. The tables of embeddings may differ in the rows
 * that fill them up: what only the teacher has is left to the rest. Of a text longer than it is meant for it says nothing.
 */
final class SameTokens implements TeacherVoice {
    private final Decoder teacher;
    private final int studentVocabulary;
    private final int topK;
    private final double temperature;
    private final UnreadTexts unread;

    /** @param studentVocabulary rows of the student's embedding */
    SameTokens(Decoder teacher, int studentVocabulary, int topK, double temperature) {
        this.teacher = teacher;
        this.studentVocabulary = studentVocabulary;
        this.topK = Math.min(topK, teacher.config().vocabulary());
        this.temperature = temperature;
        this.unread = new UnreadTexts(teacher.config().maxPositions());
    }

    @Override
    public List<SparseDistributions> expect(List<Taught> samples) {
        return say(samples.stream().map(Taught::sample).toList());
    }

    @Override
    public boolean readsMessages() {
        return false;
    }

    @Override
    public List<SparseDistributions> read(List<Written> texts) {
        return say(texts.stream().map(Written::sample).toList());
    }

    @Override
    public long unread() {
        return unread.count();
    }

    private List<SparseDistributions> say(List<Sample> samples) {
        BitSet read = new BitSet();
        for (int s = 0; s < samples.size(); s++) {
            read.set(s, !unread.isTooLong(samples.get(s)));
        }
        List<SparseDistributions> said = read.isEmpty()
                ? List.of()
                : told(read.stream().mapToObj(samples::get).toList());
        List<SparseDistributions> all = new ArrayList<>();
        Iterator<SparseDistributions> next = said.iterator();
        for (int s = 0; s < samples.size(); s++) {
            all.add(read.get(s) ? next.next() : new Gathered(samples.get(s).trainedTokens(), topK).distributions());
        }
        return all;
    }

    private List<SparseDistributions> told(List<Sample> samples) {
        Packed packed = Packed.of(samples);
        TeacherRows rows = expect(new PackedRow(packed.ids(), packed.targets(), new Sequences(packed.starts())));
        List<SparseDistributions> said = new ArrayList<>();
        for (int s = 0; s < samples.size(); s++) {
            said.add(cut(rows, packed, s, samples.get(s)));
        }
        return said;
    }

    private TeacherRows expect(PackedRow row) {
        TeacherRows rows = teacher.likeliest(row, topK, temperature);
        return teacher.config().vocabulary() <= studentVocabulary ? rows : known(rows);
    }

    /** Without the ids that the student has not. */
    private TeacherRows known(TeacherRows rows) {
        int[] ids = new int[rows.rows() * rows.k()];
        float[] logProbabilities = new float[ids.length];
        Arrays.fill(ids, TeacherRows.NONE);
        for (int n = 0; n < rows.rows(); n++) {
            int to = n * rows.k();
            for (int i = 0; i < rows.count(n); i++) {
                if (rows.id(n, i) < studentVocabulary) {
                    ids[to] = rows.id(n, i);
                    logProbabilities[to++] = rows.logProbability(n, i);
                }
            }
        }
        return new TeacherRows(rows.k(), ids, logProbabilities);
    }

    private static SparseDistributions cut(TeacherRows rows, Packed packed, int sequence, Sample sample) {
        int k = rows.k();
        int[] ids = new int[sample.trainedTokens() * k];
        float[] logProbabilities = new float[ids.length];
        int to = 0;
        for (int n = packed.starts()[sequence]; n < packed.starts()[sequence + 1]; n++) {
            if (packed.targets()[n] != Packed.NOT_TRAINED) {
                System.arraycopy(rows.ids_NK(), n * k, ids, to, k);
                System.arraycopy(rows.logProbabilities_NK(), n * k, logProbabilities, to, k);
                to += k;
            }
        }
        return new SparseDistributions(k, ids, logProbabilities);
    }
}
