package dev.distill.eval.suite;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a task on this disk.
 *
 * @param root the folder that they were found in, to which their names are relative
 * @param files in order
 * @param version the commit of the snapshot, or what the task file says; empty where nobody has said
 * @param licence what the data set's card says, or else the task file; empty where nobody has said
 */
public record TaskData(Path root, List<Path> files, String version, String licence) {
    private static final Pattern LICENCE =
            Pattern.compile("(?m)^license:\\s*(?:\\n\\s*-\\s*)?[\"']?([\\w.+-]+)[\"']?\\s*$");
    private static final Pattern FRONT = Pattern.compile("\\A\\s*---\\s*\\n(.*?)\\n---\\s*(?:\\n|\\z)", Pattern.DOTALL);
    private static final int DEEPEST = 4;

    public TaskData {
        files = List.copyOf(files);
    }

    /**
     * Looks in the task file's own folder, then in each of these: a folder of files, a folder of data sets ({@code OWNER/NAME} or {@code NAME}), or a cache of
     * the hub ({@code datasets--OWNER--NAME/snapshots/COMMIT}, as {@code huggingface_hub} lays it out).
     *
     * @throws SuiteException if it is nowhere; it says where was looked and for what
     */
    public static TaskData find(TaskFile task, List<Path> folders) throws IOException {
        DataPlace place = task.data();
        List<Path> looked = new ArrayList<>();
        List<Path> all =
                new ArrayList<>(Optional.ofNullable(place.folder()).stream().toList());
        all.addAll(folders);
        for (Path folder : all) {
            for (Path root : roots(place, folder)) {
                looked.add(root);
                List<Path> files = files(isOwn(place, root) ? ownPatterns(place) : place.files(), root);
                if (!files.isEmpty()) {
                    return new TaskData(root, files, version(place, root), licence(place, root));
                }
            }
        }
        throw new SuiteException(
                "task " + task.name(),
                List.of("its data is not on this disk; looked for " + String.join(", ", place.files()) + " in "
                        + (looked.isEmpty()
                                ? "no folder"
                                : String.join(
                                        ", ",
                                        looked.stream().map(Path::toString).toList()))
                        + (place.dataset().isEmpty()
                                ? "; give the folder that it lies in"
                                : "; get the data set " + place.dataset()
                                        + " of the hub, or give the folder that it lies in")));
    }

    private static List<Path> roots(DataPlace place, Path folder) throws IOException {
        List<Path> roots = new ArrayList<>();
        if (!place.dataset().isEmpty()) {
            roots.addAll(snapshots(folder.resolve("datasets--" + place.dataset().replace("/", "--"))));
            roots.add(folder.resolve(place.dataset()));
            roots.add(folder.resolve(place.dataset().replaceFirst(".*/", "")));
        }
        roots.add(folder);
        return roots.stream().filter(Files::isDirectory).toList();
    }

    /** That of the branch main first, then the others, the newest first. */
    private static List<Path> snapshots(Path cached) throws IOException {
        Path snapshots = cached.resolve("snapshots");
        if (!Files.isDirectory(snapshots)) {
            return List.of();
        }
        List<Path> all = new ArrayList<>();
        Path main = cached.resolve("refs").resolve("main");
        if (Files.isRegularFile(main)) {
            all.add(snapshots.resolve(Files.readString(main).strip()));
        }
        try (Stream<Path> others = Files.list(snapshots)) {
            others.filter(one -> !all.contains(one))
                    .sorted(Comparator.comparing((Path one) -> one.toFile().lastModified())
                            .reversed()
                            .thenComparing(Path::toString))
                    .forEach(all::add);
        }
        return all;
    }

    /** Whether a folder is this data set's: in another one {@code test.jsonl} may be anything. */
    private static boolean isOwn(DataPlace place, Path root) {
        String dataset = place.dataset();
        String name = String.valueOf(root.toAbsolutePath().normalize().getFileName());
        return !dataset.isEmpty()
                && (name.equalsIgnoreCase(dataset.replaceFirst(".*/", ""))
                        || root.endsWith(dataset)
                        || root.toString().contains("datasets--" + dataset.replace("/", "--")));
    }

    /** The names of the task file, then those that the hub's own tools write. */
    private static List<String> ownPatterns(DataPlace place) {
        List<String> patterns = new ArrayList<>(place.files());
        patterns.addAll(place.repository());
        String split = place.split();
        String config = place.config().isEmpty() ? "default" : place.config();
        for (String form : List.of("parquet", "jsonl", "csv")) {
            patterns.add(config + "/" + split + "-*." + form);
            patterns.add(config + "/" + split + "/*." + form);
            patterns.add(config + "/" + split + "." + form);
            if (place.config().isEmpty()) {
                patterns.add("data/" + split + "-*." + form);
                patterns.add(split + "." + form);
            }
        }
        return patterns;
    }

    private static List<Path> files(List<String> patterns, Path root) throws IOException {
        for (String pattern : patterns) {
            List<Path> found = matching(root, pattern);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static List<Path> matching(Path root, String pattern) throws IOException {
        if (!pattern.contains("*")) {
            Path file = root.resolve(pattern);
            return Files.isRegularFile(file) ? List.of(file) : List.of();
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        int depth = (int)
                Math.min(DEEPEST, 1 + pattern.chars().filter(c -> c == '/').count());
        try (Stream<Path> all = Files.walk(root, depth, FileVisitOption.FOLLOW_LINKS)) {
            return all.filter(file -> matcher.matches(root.relativize(file)) && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    private static String version(DataPlace place, Path root) {
        Path parent = root.getParent();
        boolean snapshot = parent != null && parent.endsWith("snapshots");
        return snapshot ? String.valueOf(root.getFileName()) : place.version();
    }

    private static String licence(DataPlace place, Path root) throws IOException {
        Path card = root.resolve("README.md");
        return Files.isRegularFile(card) ? licence(Files.readString(card)).orElse(place.licence()) : place.licence();
    }

    /** What the front matter of a data set's card says. */
    static Optional<String> licence(String card) {
        Matcher front = FRONT.matcher(card);
        if (!front.find()) {
            return Optional.empty();
        }
        Matcher licence = LICENCE.matcher(front.group(1));
        return licence.find() ? Optional.of(licence.group(1)) : Optional.empty();
    }
}
