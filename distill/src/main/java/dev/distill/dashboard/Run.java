package dev.distill.dashboard;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder of one run.
 *
 * @param name the folder's own, unique among those that are shown
 * @param trainings that have begun in it, the oldest first
 */
record Run(String name, Path folder, List<Training> trainings) {
    Run {
        trainings = List.copyOf(trainings);
    }

    /**
     * The folder of one training.
     *
     * @param id unique among all that are shown; a name for the browser, never a path to be read
     */
    record Training(String id, Path folder) {
        Path metrics() {
            return folder.resolve(RunsFolder.METRICS);
        }

        Path samples() {
            return folder.resolve("samples.jsonl");
        }

        boolean isDone() {
            return Files.exists(folder.resolve(RunsFolder.MANIFEST));
        }
    }

    Path harvest() {
        return folder.resolve("harvest");
    }

    /** How the harvest went. */
    Path harvestHistory() {
        return harvest().resolve("history.jsonl");
    }

    /** What it has no reply to. */
    Path failedUnits() {
        return harvest().resolve("failed.jsonl");
    }
}
