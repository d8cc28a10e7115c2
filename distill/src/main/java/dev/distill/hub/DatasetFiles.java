package dev.distill.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which files of a repository make a part of a data set, by the names that the hub's own tools write: {@code
 * CONFIG/SPLIT-00000-of-00002.parquet}, {@code data/SPLIT-...} for the default configuration, {@code
 * CONFIG/SPLIT/0000.parquet} on the branch {@code refs/convert/parquet}, and plain {@code SPLIT.parquet}. JSON lines likewise,
 * where there is no Parquet. Loading scripts are never run.
 */
final class DatasetFiles {
    private static final Pattern SHARD =
            Pattern.compile("(?:(?<folder>.+)/)?(?<split>[^/]+?)-\\d{5}-of-(?<all>\\d{5})(?:-[0-9a-f]+)?\\.[a-z]+");
    private static final Pattern CONVERTED =
            Pattern.compile("(?<folder>[^/]+)/(?<split>[^/]+)/(?<number>\\d{4,})\\.[a-z]+");
    private static final Pattern PLAIN = Pattern.compile("(?:(?<folder>.+)/)?(?<split>[^/]+)\\.[a-z]+");
    private static final int SHOWN = 20;

    private DatasetFiles() {}

    /** The files of the part that is meant, in order. */
    static List<String> of(HubId id, List<String> names) throws HubException {
        SortedMap<String, List<String>> parts = parts(names);
        String wanted = id.file();
        if (wanted != null && names.contains(wanted)) {
            return List.of(wanted);
        }
        if (parts.isEmpty()) {
            throw new HubException(
                    HubException.Kind.UNSUITABLE,
                    "hub: data set " + id
                            + ": must hold files of Parquet or JSON lines, and does not; try the hub's own"
                            + " copy of it: " + id.repository() + "@refs/convert/parquet:CONFIG/SPLIT");
        }
        if (wanted == null) {
            if (parts.size() > 1) {
                throw new HubException(
                        HubException.Kind.UNSUITABLE,
                        "hub: data set " + id + ": has several parts; " + choices(id, parts));
            }
            return parts.firstEntry().getValue();
        }
        List<String> files = parts.get(wanted.startsWith("default/") ? wanted.substring(8) : wanted);
        if (files == null) {
            throw new HubException(
                    HubException.Kind.NOT_FOUND,
                    "hub: data set " + id + ": there is no such part or file; " + choices(id, parts));
        }
        return files;
    }

    private static String choices(HubId id, SortedMap<String, List<String>> parts) {
        HubId whole = new HubId(id.kind(), id.repository(), id.revision(), null);
        String more = parts.size() > SHOWN ? "\n  and " + (parts.size() - SHOWN) + " more" : "";
        return parts.keySet().stream()
                .limit(SHOWN)
                .map(part -> "\n  " + whole + ":" + part)
                .collect(Collectors.joining("", "give one of", more));
    }

    /** Files by part. */
    private static SortedMap<String, List<String>> parts(List<String> names) {
        SortedMap<String, List<String>> parts = new TreeMap<>();
        String form = names.stream().anyMatch(name -> name.endsWith(".parquet")) ? ".parquet" : ".jsonl";
        names.stream()
                .filter(name -> name.endsWith(form))
                .sorted()
                .forEach(name -> parts.computeIfAbsent(part(name), _ -> new ArrayList<>())
                        .add(name));
        return parts;
    }

    private static String part(String name) {
        for (Pattern form : List.of(SHARD, CONVERTED, PLAIN)) {
            Matcher matcher = form.matcher(name);
            if (matcher.matches()) {
                String folder = matcher.group("folder");
                boolean standard = folder == null || folder.equals("data") || folder.equals("default");
                return standard ? matcher.group("split") : folder + "/" + matcher.group("split");
            }
        }
        return name;
    }

    /** What a snapshot lacks; a part is whole where all its numbers from the first on are there. */
    static List<String> missing(HubId id, Path snapshot) throws IOException {
        List<String> here = new ArrayList<>();
        if (Files.isDirectory(snapshot)) {
            try (Stream<Path> files = Files.walk(snapshot)) {
                files.filter(Files::isRegularFile)
                        .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
                        .forEach(here::add);
            }
        }
        String wanted = id.file() == null ? "its files" : id.file();
        List<String> files;
        try {
            files = of(id, here);
        } catch (HubException e) {
            return List.of(wanted);
        }
        Matcher shard = SHARD.matcher(files.getFirst());
        if (shard.matches() && !files.getFirst().equals(wanted)) {
            int all = Integer.parseInt(shard.group("all"));
            return files.size() == all ? List.of() : List.of((all - files.size()) + " files of " + wanted);
        }
        Matcher converted = CONVERTED.matcher(files.getFirst());
        boolean begins = !converted.matches() || Integer.parseInt(converted.group("number")) == 0;
        return begins || files.getFirst().equals(wanted) ? List.of() : List.of("the first file of " + wanted);
    }
}
