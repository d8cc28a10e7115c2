package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.pipeline.Stop;
import dev.distill.pipeline.TeacherSidecar;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.student.ops.Ops;
import dev.distill.train.Computing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** {@code distill score --distributions}: a teacher reads a folder of traces for a student. */
final class DistributionScores {
    private final DistributionOptions options;
    private final ModelOptions models;
    private final Path traces;
    private final int topK;

    DistributionScores(DistributionOptions options, ModelOptions models, Path traces, int topK) {
        this.options = options;
        this.models = models;
        this.traces = traces;
        this.topK = topK;
    }

    int call(ComputeOptions compute, Console console) throws Exception {
        Path folder = Objects.requireNonNull(options.folder);
        String student = Objects.requireNonNull(options.student);
        Computing computing = compute.computing(console);
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            Path words = ModelArgument.find("--student", student, console, stop).path();
            try (Language language = Language.open(words);
                    Ops ops = computing.ops();
                    Student teacher = models.open(ops, console, stop);
                    TeacherSidecar sidecar = TeacherSidecar.of(traces, language, folder, stop)) {
                if (sidecar.unfit() > 0) {
                    console.warn(traces + ": " + sidecar.unfit() + " traces make no sample; the training says why");
                }
                boolean all;
                try (Progress progress = console.progress("teacher", sidecar.samples())) {
                    boolean[] begun = {false};
                    all = sidecar.write(teacher, topK, options.temperature, stop, done -> {
                        if (!begun[0]) {
                            progress.startAt(done); // what an earlier run has read
                            begun[0] = true;
                        }
                        progress.update(done);
                    });
                }
                ObjectNode result = result(teacher, sidecar, folder).put("compute", Computing.name(computing.type()));
                if (sidecar.silent() > 0) {
                    console.warn(folder + ": the teacher could not read " + sidecar.silent()
                            + " samples; a training learns them from their text alone");
                }
                if (!all) {
                    console.warn(folder + ": not all samples are read; the same command goes on from there");
                }
                console.print(Figures.text(result));
                console.result(result);
            }
            return ExitCode.DONE;
        });
    }

    private static ObjectNode result(Student teacher, TeacherSidecar sidecar, Path folder) throws IOException {
        long bytes = 0;
        for (Path file : new DistributionFolder(folder).files()) {
            bytes += Files.size(file);
        }
        return new ObjectMapper()
                .createObjectNode()
                .put("model", teacher.name())
                .put("samples", sidecar.samples())
                .put("unfit", sidecar.unfit())
                .put("silent", sidecar.silent())
                .put("places", sidecar.places())
                .put("bytes", bytes)
                .put("distributions", folder.toString());
    }
}
