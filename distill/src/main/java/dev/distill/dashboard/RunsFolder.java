package dev.distill.dashboard;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds what there is to see in a folder: one run, several runs, or a single training. Looks anew each time. */
final class RunsFolder {
    static final String METRICS = "metrics.jsonl";
    static final String MANIFEST = "manifest.json";

    private static final List<String> SIGNS =
            List.of("resolved.yaml", "run.lock", "harvest", "curate", "train", "eval");

    private final Path root;

    RunsFolder(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    Path root() {
        return root;
    }

    /** By name. A run that is moved or deleted meanwhile is left out. */
    List<Run> runs() throws IOException {
        if (Files.exists(root.resolve(METRICS))) {
            String name = name(root);
            return List.of(new Run(name, root, List.of(new Run.Training(name, root))));
        }
        if (isRun(root)) {
            return List.of(run(root));
        }
        List<Run> runs = new ArrayList<>();
        for (Path folder : folders(root)) {
            if (isRun(folder)) {
                runs.add(run(folder));
            }
        }
        return runs;
    }

    private static boolean isRun(Path folder) {
        return SIGNS.stream().anyMatch(sign -> Files.exists(folder.resolve(sign)));
    }

    private static Run run(Path folder) throws IOException {
        String name = name(folder);
        List<Run.Training> trainings = new ArrayList<>();
        for (Path part : folders(folder)) {
            if (Files.exists(part.resolve(METRICS))) {
                String own = name(part);
                trainings.add(new Run.Training(own.equals("train") ? name : name + "/" + own, part));
            }
        }
        return new Run(name, folder, trainings);
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory)
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        } catch (FileSystemException e) {
            return List.of(); // it has just gone, or is not for us to read
        }
    }

    private static String name(Path folder) {
        Path name = folder.getFileName();
        return name == null ? folder.toString() : name.toString();
    }
}
