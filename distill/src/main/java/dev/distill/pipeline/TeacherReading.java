package dev.distill.pipeline;

import dev.distill.data.pack.Samples;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.DistributionSource;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.TokenFolder;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.trace.Hash;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.teacher.score.ScoringClient;
import dev.distill.train.Computing;
import dev.distill.train.SampleMaker;
import dev.distill.train.teach.ApiPass;
import dev.distill.train.teach.ApiVoice;
import dev.distill.train.teach.HarvestedVoice;
import dev.distill.train.teach.StoredTeacher;
import dev.distill.train.teach.TaughtSamples;
import dev.distill.train.teach.TeacherPass;
import dev.distill.train.teach.TeacherVoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The teacher of {@code train.distill} reads every training sample once, before the first step, and what it expects lies in {@code teacher/} beside the
 * checkpoints; or it has read them before, and is not here at all. It stays open only where it is asked of the student's own texts too.
 *
 * @param folder of the training
 * @param done hears how many samples are read
 */
record TeacherReading(Pupil pupil, TaughtSamples taught, Path folder, BooleanSupplier stop, LongConsumer done) {
    private static final Logger LOG = LoggerFactory.getLogger(TeacherReading.class);
    private static final String FOLDER = "teacher";
    private static final String SPILL = ".teacher.tmp";
    private static final String TOKENS_SPILL = ".tokens.tmp";

    /**
     * Who is taught.
     *
     * @param words of the student
     * @param vocabulary rows of its embedding
     * @param objective what of a trace is taught
     */
    record Pupil(Language words, int vocabulary, SampleMaker.Objective objective) {}

    /**
     * Lets the teacher read what it has not yet read.
     *
     * @throws Stop.StoppedException if it was stopped; what is read so far is kept
     */
    LogitTeacher by(DistillPart part, Ops ops) throws IOException {
        return switch (part.origin()) {
            case TeacherOrigin.Model model -> local(part, model, ops);
            case TeacherOrigin.Api api -> behind(part, api);
            case TeacherOrigin.Stored earlier -> stored(part, earlier);
        };
    }

    private LogitTeacher local(DistillPart part, TeacherOrigin.Model model, Ops ops) throws IOException {
        Student teacher = Student.open(model.folder(), null, ops);
        try {
            TeacherVoice voice = TeacherVoice.of(
                    teacher,
                    pupil.words(),
                    pupil.vocabulary(),
                    pupil.objective(),
                    part.topK(),
                    part.how().temperature());
            if (!voice.readsMessages()) { // one of another vocabulary counts its own tokens, and tells what it cannot
                // read
                requirePositions(model, teacher);
            }
            DistributionSource source =
                    source(teacher, pupil.words(), part.topK(), part.how().temperature());
            TeacherPass pass = new TeacherPass(voice, source, distributions());
            requireAll(pass.run(taught, stop, done));
            tell(pass.silent());
            StoredTeacher said = open(part, distributions(), source);
            if (part.onPolicy() > 0) {
                return new LogitTeacher(part, said, teacher::close, voice);
            }
            teacher.close();
            return new LogitTeacher(part, said, () -> {}, null);
        } catch (IOException | RuntimeException e) {
            teacher.close();
            throw e;
        }
    }

    private void tell(int silent) {
        if (silent > 0) {
            LOG.warn(
                    "train: {} of {} samples are learnt from their text alone, for the teacher could not read them",
                    silent,
                    taught.samples().size());
        }
    }

    /** It reads a sample whole, also one of which the student sees a piece at a time. */
    private void requirePositions(TeacherOrigin.Model model, Student teacher) {
        Samples samples = taught.samples();
        int most = teacher.config().maxPositions();
        long longer = IntStream.range(0, samples.size())
                .filter(i -> samples.length(i) > most)
                .count();
        if (longer > 0) {
            throw new RecipeException(
                    "train",
                    List.of("train.distill.model: " + model.folder() + " is meant for " + most + " tokens, and "
                            + longer
                            + " of " + samples.size()
                            + " samples are longer; take another teacher, or make train.row-tokens at"
                            + " most that and set train.over-long to drop"));
        }
    }

    /** What names the distributions of a teacher on this machine, whose numbers depend on what they are computed with too. */
    static DistributionSource source(Student teacher, Language words, int topK, double temperature) {
        Compute compute = teacher.model().ops().compute();
        return new DistributionSource(
                words.tokenizer().sha256(),
                teacher.name(),
                compute == Compute.FLOAT
                        ? teacher.fingerprint()
                        : teacher.fingerprint() + " in " + Computing.name(compute),
                Math.min(topK, teacher.config().vocabulary()),
                temperature);
    }

    private LogitTeacher behind(DistillPart part, TeacherOrigin.Api api) throws IOException {
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
            requireAll(new ApiPass(voice, source, distributions(), api.inFlight()).run(taught.samples(), stop, done));
            return new LogitTeacher(
                    part, open(part, distributions(), source), client::close, part.onPolicy() > 0 ? voice : null);
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private static void requireAll(boolean read) {
        if (!read) {
            throw new Stop.StoppedException(
                    "train: stopped while the teacher was reading; what it has read is kept, and the same command goes on from there");
        }
    }

    /** A teacher that has read the samples elsewhere: what it said must be of this student's ids, taken as the recipe has it. */
    private LogitTeacher stored(DistillPart part, TeacherOrigin.Stored earlier) throws IOException {
        DistributionFolder distributions = new DistributionFolder(earlier.folder());
        TokenFolder harvested = TokenFolder.in(earlier.folder());
        if (distributions.files().isEmpty() && !harvested.files().isEmpty()) {
            return harvested(part, harvested);
        }
        DistributionSource source = distributions.source();
        if (source == null) {
            throw new RecipeException(
                    "train",
                    List.of(
                            "train.distill.distributions: " + earlier.folder()
                                    + " holds neither a teacher's distributions (score --distributions writes them) nor a harvest's tokens (teacher.logprobs)"));
        }
        List<String> problems = unfit(source, part);
        if (!problems.isEmpty()) {
            throw new RecipeException("train", problems);
        }
        return new LogitTeacher(part, open(part, distributions, source), () -> {}, null);
    }

    /** A teacher that told what it expected while it wrote, in its own tokens: they are aligned once, and kept in the student's. */
    private LogitTeacher harvested(DistillPart part, TokenFolder tokens) throws IOException {
        if (part.how().temperature() != 1) {
            throw new RecipeException(
                    "train",
                    List.of("train.distill.temperature: a harvest's probabilities are those of temperature 1; got "
                            + part.how().temperature()));
        }
        Tokenizer tokenizer = pupil.words().tokenizer();
        List<String> hashes = new ArrayList<>();
        for (Path file : tokens.files()) {
            hashes.add(FileEntry.sha256(file));
        }
        DistributionSource source = new DistributionSource(
                tokenizer.sha256(),
                "the tokens of " + tokens.path(),
                Hash.of(hashes),
                part.topK(),
                part.how().temperature());
        Path own = Files.createDirectories(folder.resolve(FOLDER));
        try (HarvestedVoice voice =
                HarvestedVoice.open(tokens, tokenizer, pupil.vocabulary(), part.topK(), own.resolve(TOKENS_SPILL))) {
            TeacherPass pass = new TeacherPass(voice, source, distributions());
            requireAll(pass.run(taught, stop, done));
            tell(pass.silent());
        }
        return new LogitTeacher(part, open(part, distributions(), source), () -> {}, null);
    }

    private List<String> unfit(DistributionSource source, DistillPart part) {
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

    private DistributionFolder distributions() {
        return new DistributionFolder(folder.resolve(FOLDER));
    }

    private StoredTeacher open(DistillPart part, DistributionFolder distributions, DistributionSource source)
            throws IOException {
        Path own = Files.createDirectories(folder.resolve(FOLDER));
        return StoredTeacher.open(part.how(), distributions, source, taught.samples(), own.resolve(SPILL));
    }
}
