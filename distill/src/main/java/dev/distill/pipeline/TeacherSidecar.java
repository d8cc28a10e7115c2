package dev.distill.pipeline;

import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Samples;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.template.RenderException;
import dev.distill.data.trace.Trace;
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
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * What a teacher on this machine expects of the samples that a student makes of a folder of traces, written for a training that has no teacher at
 * hand: {@code train.distill.distributions} takes it. The samples are those of the training, in the student's template and ids.
 */
public final class TeacherSidecar {
    private final Language student;
    private final int vocabulary;
    private final TaughtSamples taught;
    private final int unfit;

    private TeacherSidecar(Language student, int vocabulary, TaughtSamples taught, int unfit) {
        this.student = student;
        this.vocabulary = vocabulary;
        this.taught = taught;
        this.unfit = unfit;
    }

    /**
     * Makes the samples.
     *
     * @param traces folder of shards
     * @param words of the student
     * @throws IllegalArgumentException if no trace makes a sample
     */
    public static TeacherSidecar of(Path traces, Language words) throws IOException {
        SampleMaker maker = new SampleMaker(words.renderer(), SampleMaker.Objective.REASONING);
        List<Sample> samples = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        int unfit = 0;
        String first = "";
        try (TraceReader reader = TraceReader.open(traces)) {
            while (reader.hasNext()) {
                Trace trace = reader.next();
                try {
                    samples.add(maker.sample(trace));
                    numbers.add(samples.size() + unfit - 1);
                } catch (RenderException e) {
                    first = unfit++ == 0 ? String.valueOf(e.getMessage()) : first;
                }
            }
        }
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(
                    traces + ": no trace makes a sample for the student of " + words.model() + "; " + first);
        }
        CuratedTraces folder = new CuratedTraces(traces);
        TaughtSamples taught = new TaughtSamples(
                Samples.of(samples), () -> folder.these(numbers.stream().mapToInt(Integer::intValue)));
        return new TeacherSidecar(words, vocabulary(words), taught, unfit);
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
        return taught.samples().size();
    }

    /** Traces that make no sample. */
    public int unfit() {
        return unfit;
    }

    /** Their trained tokens, of which the teacher tells what it expects. */
    public long places() {
        return IntStream.range(0, samples())
                .mapToLong(i -> taught.samples().get(i).trainedTokens())
                .sum();
    }

    /**
     * Lets the teacher read what the folder has nothing of yet.
     *
     * @param topK tokens that it names at each place
     * @param done hears how many samples are read, those of earlier processes included
     * @return whether all are read; false if it was stopped
     */
    public boolean write(
            Student teacher, int topK, double temperature, Path folder, BooleanSupplier stop, LongConsumer done)
            throws IOException {
        TeacherVoice voice =
                TeacherVoice.of(teacher, student, vocabulary, SampleMaker.Objective.REASONING, topK, temperature);
        return new TeacherPass(
                        voice,
                        TeacherReading.source(teacher, student, topK, temperature),
                        new DistributionFolder(folder))
                .run(taught, stop, done);
    }
}
