package dev.distill.pipeline;

import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.TokenFolder;
import dev.distill.data.trace.Hash;
import dev.distill.hub.ModelSource;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.pace.Backoff;
import dev.distill.teacher.score.ScoringClient;
import dev.distill.teacher.wire.HttpScorer;
import dev.distill.teacher.wire.Patience;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the probabilities come from that a student learns beside the text. */
sealed interface TeacherOrigin {
    /** {@code train.distill.model}: a model that reads the samples on this machine. */
    record Model(ModelSource source) implements TeacherOrigin {
        /** The model's folder on this disk, once it has been fetched. */
        Path folder() {
            return switch (source) {
                case ModelSource.Local local -> local.path();
                case ModelSource.Missing missing -> missing.path();
                case ModelSource.OnHub hub ->
                    throw new IllegalStateException(
                            "train.distill.model: " + hub.id() + " must be fetched before a stage begins");
            };
        }

        @Override
        public List<FileEntry> inputs() throws IOException {
            return RunFolder.model(folder());
        }
    }

    /**
     * {@code train.distill.distributions}: what {@code score --distributions} wrote, perhaps on another machine, or a harvest whose teacher told
     * log-probabilities.
     */
    record Stored(Path folder) implements TeacherOrigin {
        @Override
        public List<FileEntry> inputs() throws IOException {
            List<FileEntry> entries = new ArrayList<>();
            List<Path> files = new DistributionFolder(folder).files();
            for (Path file : files.isEmpty() ? TokenFolder.in(folder).files() : files) {
                entries.add(FileEntry.of(file.toString(), file));
            }
            return entries;
        }
    }

    /**
     * {@code train.distill.url}: a server that scores given texts.
     *
     * @param keyEnvironment the environment variable that holds its key; null for a server without one
     * @param inFlight requests at a time
     */
    record Api(URI url, String model, @Nullable String keyEnvironment, int inFlight) implements TeacherOrigin {
        /** A training waits for it: two minutes at most, whatever the server says. */
        private static final Backoff BACKOFF =
                new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), 0.5, 1.5, Duration.ofMinutes(2));

        private static final int ATTEMPTS = 10;

        static Api read(Section section, String url) {
            String keyEnvironment = section.text("key-env");
            return new Api(
                    TeacherPart.uri(section, url, keyEnvironment != null),
                    section.required("api-model", "the teacher's name as the server knows it"),
                    keyEnvironment,
                    section.whole("in-flight", IN_FLIGHT, 1, 1024));
        }

        ApiKey key() {
            return keyEnvironment == null ? ApiKey.NONE : ApiKey.fromEnvironment(keyEnvironment);
        }

        ScoringClient client() {
            HttpScorer server = new HttpScorer(url, model, key(), Patience.DEFAULT);
            return new ScoringClient(server, model + " at " + url, BACKOFF, ATTEMPTS, inFlight);
        }

        /** A server's files are not here: its model's name stands for them, wherever it is served. */
        String fingerprint() {
            return Hash.of(List.of("completions API", model));
        }

        @Override
        public List<FileEntry> inputs() {
            return List.of();
        }
    }

    /** Requests at a time, unless the recipe says otherwise. */
    int IN_FLIGHT = 8;

    /** The files that decide what the teacher says. */
    List<FileEntry> inputs() throws IOException;
}
