package dev.distill.data.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The parts of a data set whose card names their files: {@code configs} in the header of {@code README.md}, as the hub's loader reads it. */
final class CardParts {
    static final Pattern HEADER = Pattern.compile("\\A\\ufeff?---\\R(.*?)\\R---", Pattern.DOTALL);

    /** What a part without a name of its own is. */
    private static final String SPLIT = "train";

    private static final String CONFIG = "default";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private CardParts() {}

    /**
     * Patterns of file names by part, {@code SPLIT} of the configuration {@code default}, {@code CONFIG/SPLIT} of another.
     *
     * @return none where the folder has no card, or one that does not say
     */
    static SequencedMap<String, List<String>> of(Path folder) throws IOException {
        SequencedMap<String, List<String>> parts = new LinkedHashMap<>();
        Path card = folder.resolve("README.md");
        Matcher header = HEADER.matcher(Files.isRegularFile(card) ? Files.readString(card) : "");
        if (header.find()) {
            for (JsonNode config : yaml(header.group(1)).path("configs")) {
                String name = config.path("config_name").asText(CONFIG);
                add(parts, name.equals(CONFIG) ? "" : name + "/", config.path("data_files"));
            }
        }
        return parts;
    }

    private static JsonNode yaml(String header) {
        try {
            return YAML.readTree(header);
        } catch (JsonProcessingException e) {
            return YAML.missingNode(); // a card for people may have anything there
        }
    }

    /** A pattern, a list of patterns, or a list of splits with their paths, each a pattern or a list of such. */
    private static void add(SequencedMap<String, List<String>> parts, String config, JsonNode files) {
        for (JsonNode file : files.isArray() ? files : YAML.createArrayNode().add(files)) {
            JsonNode paths = file.isObject() ? file.path("path") : file;
            String part = config + file.path("split").asText(SPLIT);
            for (JsonNode path :
                    paths.isArray() ? paths : YAML.createArrayNode().add(paths)) {
                if (path.isTextual()) {
                    parts.computeIfAbsent(part, _ -> new ArrayList<>()).add(path.asText());
                }
            }
        }
    }

    /** The files below a folder whose paths match one of these, in the order of the patterns, then of their names. */
    static List<Path> files(Path folder, List<String> patterns) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder)) {
            all = found.filter(Files::isRegularFile).sorted().toList();
        }
        Set<Path> files = new LinkedHashSet<>();
        for (String pattern : patterns) {
            FileSystem system = folder.getFileSystem();
            PathMatcher matcher = system.getPathMatcher("glob:" + pattern);
            PathMatcher shallow =
                    system.getPathMatcher("glob:" + pattern.replace("**/", "")); // it may stand for nothing
            for (Path file : all) {
                Path below = folder.relativize(file);
                if (matcher.matches(below) || shallow.matches(below)) {
                    files.add(file);
                }
            }
        }
        return List.copyOf(files);
    }
}
