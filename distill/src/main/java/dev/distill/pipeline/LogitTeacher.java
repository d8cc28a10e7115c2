package dev.distill.pipeline;

import dev.distill.data.pack.Sample;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.DistributionSource;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.student.model.Decoder;
import dev.distill.student.ops.Ops;
import dev.distill.teacher.score.ScoringClient;
import dev.distill.train.BatchSource;
import dev.distill.train.RowTeacher;
import dev.distill.train.SampleMaker;
import dev.distill.train.teach.ApiPass;
import dev.distill.train.teach.ApiVoice;
import dev.distill.train.teach.OnPolicyBatches;
import dev.distill.train.teach.StoredTeacher;
import dev.distill.train.teach.TeacherPass;
import dev.distill.train.teach.TeacherVoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The teacher of {@code train.distill}, while a student is trained. It reads every training sample once, before the first step, and what it expects
 * lies in {@code teacher/} beside the checkpoints; or it has read them before, and is not here at all. It stays open only where it is asked of the
 * student's own texts too.
 */
final class LogitTeacher implements AutoCloseable {
    private static final String FOLDER = "teacher";
    private static final String SPILL = ".teacher.tmp";

    private final DistillPart part;
    private final StoredTeacher stored;
    private final Runnable closing;
    private final @Nullable TeacherVoice voice;

    private LogitTeacher(DistillPart part, StoredTeacher stored, Runnable closing, @Nullable TeacherVoice voice) {
        this.part = part;
        this.stored = stored;
        this.closing = closing;
        this.voice = voice;
    }

    /**
     * Who is taught.
     *
     * @param words of the student
     * @param vocabulary rows of its embedding
     * @param objective what of a trace is taught
     */
    record Pupil(Language words, int vocabulary, SampleMaker.Objective objective) {}

    /**
     * What is read.
     *
     * @param folder of the training
     * @param done hears how many samples are read
     */
    record Reading(List<TeacherVoice.Taught> samples, Path folder, BooleanSupplier stop, LongConsumer done) {
        List<Sample> all() {
            return samples.stream().map(TeacherVoice.Taught::sample).toList();
        }

        private DistributionFolder distributions() {
            return new DistributionFolder(folder.resolve(FOLDER));
        }

        private Path spill() throws IOException {
            Path own = folder.resolve(FOLDER);
            Files.createDirectories(own);
            return own.resolve(SPILL);
        }
    }

    /**
     * Lets the teacher read what it has not yet read.
     *
     * @throws Stop.StoppedException if it was stopped; what is read so far is kept
     */
    static LogitTeacher read(DistillPart part, Pupil pupil, Reading reading, Ops ops) throws IOException {
        return switch (part.origin()) {
            case TeacherOrigin.Model model -> local(part, model, pupil, reading, ops);
            case TeacherOrigin.Api api -> behind(part, api, pupil, reading);
            case TeacherOrigin.Stored earlier -> stored(part, earlier, pupil, reading);
        };
    }

    private static LogitTeacher local(
            DistillPart part, TeacherOrigin.Model model, Pupil pupil, Reading reading, Ops ops) throws IOException {
        Student teacher = Student.open(model.folder(), null, ops);
        try {
            TeacherVoice voice = TeacherVoice.of(
                    teacher,
                    pupil.words(),
                    pupil.vocabulary(),
                    pupil.objective(),
                    part.topK(),
                    part.how().temperature());
            if (part.onPolicy() > 0 && !(voice instanceof TeacherVoice.OfIds)) {
                throw new RecipeException(
                        "train",
                        List.of("train.distill.on-policy: the teacher must have the student's own"
                                + " vocabulary to read its texts, but " + model.folder()
                                + " has another; set it to 0"));
            }
            DistributionSource source =
                    source(teacher, pupil.words(), part.topK(), part.how().temperature());
            DistributionFolder distributions = reading.distributions();
            boolean all = new TeacherPass(voice, source, distributions)
                    .run(reading.samples(), reading.stop(), reading.done());
            StoredTeacher stored = stored(part, source, distributions, reading, all);
            boolean needed = part.onPolicy() > 0;
            if (!needed) {
                teacher.close();
            }
            return new LogitTeacher(part, stored, needed ? teacher::close : () -> {}, voice);
        } catch (IOException | RuntimeException e) {
            teacher.close();
            throw e;
        }
    }

    /** What names the distributions of a teacher on this machine. */
    static DistributionSource source(Student teacher, Language words, int topK, double temperature) {
        return new DistributionSource(
                words.tokenizer().sha256(),
                teacher.name(),
                teacher.fingerprint(),
                Math.min(topK, teacher.config().vocabulary()),
                temperature);
    }

    private static LogitTeacher behind(DistillPart part, TeacherOrigin.Api api, Pupil pupil, Reading reading)
            throws IOException {
        Tokenizer tokenizer = pupil.words().tokenizer();
        ScoringClient client = api.client();
        try {
            ApiVoice voice = new ApiVoice(client, tokenizer, pupil.vocabulary(), part.topK());
            DistributionSource source = new DistributionSource(
                    tokenizer.sha256(),
                    api.model(),
                    api.fingerprint(),
                    part.topK(),
                    part.how().temperature());
            DistributionFolder distributions = reading.distributions();
            boolean all = new ApiPass(voice, source, distributions, api.inFlight())
                    .run(reading.samples(), reading.stop(), reading.done());
            return new LogitTeacher(part, stored(part, source, distributions, reading, all), client::close, voice);
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static StoredTeacher stored(
            DistillPart part, DistributionSource source, DistributionFolder distributions, Reading reading, boolean all)
            throws IOException {
        if (!all) {
            throw new Stop.StoppedException(
                    "train: stopped while the teacher was reading; what it has read is kept, and the same command goes on from there");
        }
        return StoredTeacher.open(part.how(), distributions, source, reading.all(), reading.spill());
    }

    /** A teacher that has read the samples elsewhere: what it said must be of this student's ids, taken as the recipe has it. */
    private static LogitTeacher stored(DistillPart part, TeacherOrigin.Stored earlier, Pupil pupil, Reading reading)
            throws IOException {
        DistributionFolder distributions = new DistributionFolder(earlier.folder());
        DistributionSource source = distributions.source();
        if (source == null) {
            throw new RecipeException(
                    "train",
                    List.of("train.distill.distributions: " + earlier.folder()
                            + " holds no teacher's distributions; write them with score --distributions"));
        }
        List<String> problems = unfit(source, part, pupil);
        if (!problems.isEmpty()) {
            throw new RecipeException("train", problems);
        }
        return new LogitTeacher(
                part,
                StoredTeacher.open(part.how(), distributions, source, reading.all(), reading.spill()),
                () -> {},
                null);
    }

    private static List<String> unfit(DistributionSource source, DistillPart part, Pupil pupil) {
        List<String> problems = new ArrayList<>();
        if (!source.tokenizer().equals(pupil.words().tokenizer().sha256())) {
            problems.add("train.distill.distributions: are in the ids of another tokenizer (sha256 "
                    + source.tokenizer() + ") than the student's ("
                    + pupil.words().tokenizer().sha256()
                    + "); write them with score --student of this student");
        }
        if (source.topK() != part.topK()) {
            problems.add("train.distill.top-k: the distributions name " + source.topK() + " tokens at each place; got "
                    + part.topK() + "; say " + source.topK());
        }
        if (source.temperature() != part.how().temperature()) {
            problems.add("train.distill.temperature: the distributions were taken at " + source.temperature() + "; got "
                    + part.how().temperature() + "; say " + source.temperature());
        }
        return problems;
    }

    /** What it has said of the traces. */
    RowTeacher stored() {
        return stored;
    }

    /** The steps: those of the traces, and the student's own among them where the recipe wants that. */
    BatchSource batches(BatchSource traces, TrainPart train, Student student, List<Sample> prompts, long seed) {
        if (part.onPolicy() == 0 || !(voice instanceof TeacherVoice.OfIds reader)) {
            return traces;
        }
        Decoder model = student.model();
        OnPolicyBatches.Settings settings = new OnPolicyBatches.Settings(
                part.onPolicy(),
                train.batchSamples(),
                part.newTokens(),
                1,
                Math.min(train.rowTokens(), model.config().maxPositions()),
                seed,
                part.how());
        return new OnPolicyBatches(traces, settings, model, reader, prompts, student.endIds());
    }

    @Override
    public void close() {
        stored.close();
        closing.run();
    }
}
