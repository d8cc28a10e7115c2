package dev.distill.pipeline;

import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.store.SampleStore;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.student.model.ConfigJson;
import dev.distill.student.weights.StoredWeights;
import dev.distill.train.SampleMaker;
import dev.distill.train.teach.TaughtSamples;
import dev.distill.train.teach.TeacherPass;
import dev.distill.train.teach.TeacherVoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * What a teacher on this machine expects of the samples that a student makes of a folder of traces, written for a training that has no teacher at
 * hand: {@code train.distill.distributions} takes it. The samples are those of the training, in the student's template and ids.
 */
public final class TeacherSidecar implements AutoCloseable {
    /** Of the file with the samples, inside the folder that is written; a resumed run takes it as it is. */
    private static final String SAMPLES = ".samples";

    private final Language student;
    private final int vocabulary;
    private final Path folder;
    private final SampleStore store;
    private final TaughtSamples taught;
    private final int unfit;
    private int silent;
    private boolean done;

    private TeacherSidecar(Language student, int vocabulary, Path folder, SampleStore store, CuratedTraces traces)
            throws IOException {
        this.student = student;
        this.vocabulary = vocabulary;
        this.folder = folder;
        this.store = store;
        this.taught = new TaughtSamples(
                store, () -> traces.these(IntStream.range(0, store.size()).map(store::trace)));
        this.unfit = Findings.read(store.notes()).traces() - store.size();
    }

    /**
     * Makes the samples, on the disk.
     *
     * @param traces folder of shards
     * @param words of the student
     * @param folder gets what the teacher says
     * @throws IllegalArgumentException if no trace makes a sample
     * @throws Stop.StoppedException if it was stopped before all were made
     */
    public static TeacherSidecar of(Path traces, Language words, Path folder, BooleanSupplier stop) throws IOException {
        CuratedTraces curated = new CuratedTraces(traces);
        int rows = vocabulary(words);
        Files.createDirectories(folder);
        SampleStore store = new SamplePass(words, words.renderer(), rows, SampleMaker.Objective.REASONING)
                .store(curated, folder.resolve(SAMPLES), stop);
        try {
            requireSome(traces, words, store);
            return new TeacherSidecar(words, rows, folder, store, curated);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static void requireSome(Path traces, Language words, SampleStore store) throws IOException {
        if (store.size() == 0) {
            String first = Findings.read(store.notes()).unfit().values().stream()
                    .map(Findings.Kind::first)
                    .findFirst()
                    .orElse("there is none");
            throw new IllegalArgumentException(
                    traces + ": no trace makes a sample for the student of " + words.model() + "; " + first);
        }
    }

    /** Rows of the student's embedding; of a tokenizer without a model, its tokens. */
    private static int vocabulary(Language words) throws IOException {
        Path config = words.model().resolve("config.json");
        if (Files.isDirectory(words.model())) {
            return Files.exists(config)
                    ? ConfigJson.read(config).vocabulary()
                    : words.tokenizer().vocabularySize();
        }
        try (StoredWeights stored = StoredWeights.open(words.model())) {
            return stored.config().vocabulary();
        }
    }

    /** How many there are. */
    public int samples() {
        return store.size();
    }

    /** Traces that make no sample. */
    public int unfit() {
        return unfit;
    }

    /** Their trained tokens, of which the teacher tells what it expects. */
    public long places() {
        return IntStream.range(0, samples())
                .mapToLong(i -> store.get(i).trainedTokens())
                .sum();
    }

    /**
     * Lets the teacher read what the folder has nothing of yet.
     *
     * @param topK tokens that it names at each place
     * @param told hears how many samples are read, those of earlier processes included
     * @return whether all are read; false if it was stopped
     */
    public boolean write(Student teacher, int topK, double temperature, BooleanSupplier stop, LongConsumer told)
            throws IOException {
        TeacherVoice voice =
                TeacherVoice.of(teacher, student, vocabulary, SampleMaker.Objective.REASONING, topK, temperature);
        TeacherPass pass = new TeacherPass(
                voice, TeacherReading.source(teacher, student, topK, temperature), new DistributionFolder(folder));
        done = pass.run(taught, stop, told);
        silent = pass.silent();
        return done;
    }

    /** Samples that the teacher could not read, too long for it perhaps: {@link #write} has found them, and a training learns their text alone. */
    public int silent() {
        return silent;
    }

    /** The samples are of no use once all are read. */
    @Override
    public void close() throws IOException {
        store.close();
        if (done) {
            Files.deleteIfExists(folder.resolve(SAMPLES));
        }
    }
}
