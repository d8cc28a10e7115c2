package dev.distill.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder of one run.
 *
 * @param name the folder's own, unique among those that are shown
 * @param trainings that have begun in it, the oldest first
 */
record Run(String name, Path folder, List<Training> trainings) {
    /** What the lock of a run says of its owner. */
    private static final Pattern OWNER = Pattern.compile("process (\\d{1,18})");

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

    /** The process of this machine that has the run's folder; empty where none has. */
    OptionalLong worker() {
        try {
            Matcher owner = OWNER.matcher(Files.readString(folder.resolve("run.lock")));
            if (owner.find()) {
                long process = Long.parseLong(owner.group(1));
                boolean alive =
                        ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
                return alive ? OptionalLong.of(process) : OptionalLong.empty();
            }
        } catch (IOException e) {
            return OptionalLong.empty(); // nobody has begun
        }
        return OptionalLong.empty();
    }

    Path curate() {
        return folder.resolve("curate");
    }

    Path eval() {
        return folder.resolve("eval");
    }

    /** The page of its evaluation. */
    Path report() {
        return eval().resolve("report.html");
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
