package dev.distill.data.intake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One file of a data set.
 *
 * @param name what traces say of where they come from
 * @param licence that the data set's card states; null where it states none
 */
public record ImportSource(Path file, String name, @Nullable String licence) {
    private static final Pattern SHARD = Pattern.compile("-\\d{5}-of-\\d{5}(-[0-9a-f]+)?$");
    private static final Pattern LICENCE =
            Pattern.compile("(?m)^licen[sc]e:[ \\t]*(?:\\R\\s*-[ \\t]*)?\\[?[\"']?([A-Za-z0-9][A-Za-z0-9._-]*)");
    /** What cards of the hub say where there is no licence, or none that the hub knows. */
    private static final String NONE = "other";

    private static final String COMPRESSED = "(\\.gz|\\.zst)?";
    private static final List<String> FORMS = List.of("\\.parquet", "\\.jsonl" + COMPRESSED, "\\.json" + COMPRESSED);
    /** {@code CONFIG/SPLIT/0000.parquet}. */
    private static final int SNAPSHOT_DEPTH = 3;

    /** Not data: what the hub's tools write beside them. */
    private static final List<String> ABOUT = List.of("dataset_info.json", "dataset_infos.json", "state.json");

    /**
     * A file under its own name, or those of a folder, as a data set of the hub has them: those that its card names, or else all of
     * one form, in order of their names.
     */
    public static List<ImportSource> of(Path given) throws IOException {
        if (!Files.isDirectory(given)) {
            Path folder = given.toAbsolutePath().getParent();
            boolean data = folder != null && folder.endsWith("data");
            return List.of(withCard(given, String.valueOf(given.getFileName()), data ? 2 : 1));
        }
        String name = String.valueOf(given.toAbsolutePath().normalize().getFileName());
        String licence = licence(given);
        return files(given).stream()
                .map(file -> new ImportSource(file, name, licence))
                .toList();
    }

    /** A file of a snapshot of the hub. @param repository what its traces say of where they come from */
    public static ImportSource ofHub(Path file, String repository) throws IOException {
        return withCard(file, repository, SNAPSHOT_DEPTH);
    }

    /** @param levels how far above the file its card may lie */
    private static ImportSource withCard(Path file, String name, int levels) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        String licence = null;
        for (int level = 0; level < levels && folder != null && licence == null; level++) {
            licence = licence(folder);
            folder = folder.getParent();
        }
        return new ImportSource(file, name, licence);
    }

    private static List<Path> files(Path folder) throws IOException {
        SequencedMap<String, List<String>> parts = CardParts.of(folder);
        if (parts.size() > 1) {
            throw several(folder, parts.keySet());
        }
        return parts.isEmpty()
                ? filesOfOneForm(folder)
                : filesOfCard(folder, parts.firstEntry().getValue());
    }

    private static List<Path> filesOfCard(Path folder, List<String> patterns) throws IOException {
        List<Path> files = CardParts.files(folder, patterns).stream()
                .filter(file -> FORMS.stream().anyMatch(form -> isData(file, form)))
                .toList();
        if (files.isEmpty()) {
            throw new IllegalArgumentException("import " + folder + ": its README.md names the files "
                    + String.join(", ", patterns)
                    + ", of which no file of Parquet, JSON lines or JSON is here; fetch them, or name the files");
        }
        return files;
    }

    private static List<Path> filesOfOneForm(Path folder) throws IOException {
        for (String form : FORMS) {
            List<Path> found;
            try (Stream<Path> all = Files.walk(folder)) {
                found = all.filter(file -> isData(file, form)).sorted().toList();
            }
            if (!found.isEmpty()) {
                return onePart(folder, found, form);
            }
        }
        throw new IllegalArgumentException(
                "import " + folder
                        + ": there is no file of Parquet, JSON lines or JSON in it; name the file, or convert it to one of these");
    }

    private static boolean isData(Path file, String form) {
        String name = String.valueOf(file.getFileName());
        return Files.isRegularFile(file) && name.matches(".+" + form) && !name.startsWith(".") && !ABOUT.contains(name);
    }

    private static List<Path> onePart(Path folder, List<Path> files, String form) {
        SortedSet<String> parts = new TreeSet<>();
        for (Path file : files) {
            String name = folder.relativize(file).toString().replaceFirst(form + "$", "");
            parts.add(SHARD.matcher(name).replaceFirst(""));
        }
        if (parts.size() > 1) {
            throw several(folder, parts);
        }
        return files;
    }

    private static IllegalArgumentException several(Path folder, Collection<String> parts) {
        return new IllegalArgumentException("import " + folder + ": has several parts, " + String.join(", ", parts)
                + "; name the files of those that are meant");
    }

    /** What the header of the card in this folder states; null where there is none. */
    private static @Nullable String licence(Path folder) throws IOException {
        Path card = folder.resolve("README.md");
        if (!Files.isRegularFile(card)) {
            return null;
        }
        Matcher header = CardParts.HEADER.matcher(Files.readString(card));
        if (!header.find()) {
            return null;
        }
        Matcher licence = LICENCE.matcher(header.group(1));
        return licence.find() && !licence.group(1).equals(NONE) ? licence.group(1) : null;
    }
}
