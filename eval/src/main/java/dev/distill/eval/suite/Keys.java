package dev.distill.eval.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.distill.data.intake.ClosestName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of a YAML file, read key by key. What breaks a rule is noted as a problem that names key, rule, value and cure, and reading goes on, so that all
 * problems come out at once.
 */
final class Keys {
    private final String path;
    private final JsonNode node;
    private final List<String> problems;
    private final Set<String> known = new LinkedHashSet<>();

    private Keys(String path, JsonNode node, List<String> problems) {
        this.path = path;
        this.problems = problems;
        boolean mapping = node.isObject() || node.isMissingNode() || node.isNull();
        this.node = mapping ? node : JsonNodeFactory.instance.missingNode();
        if (!mapping) {
            problems.add((path.isEmpty() ? "the file" : path) + ": must be a mapping of keys to values; got " + node);
        }
    }

    /**
     * A whole file.
     *
     * @throws SuiteException if it is no YAML
     */
    static Keys parse(String where, String yaml) {
        YAMLMapper mapper = new YAMLMapper(YAMLFactory.builder()
                .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build());
        try {
            return new Keys("", mapper.readTree(yaml), new ArrayList<>());
        } catch (JsonProcessingException e) {
            String at = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
            String what = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new SuiteException(where, List.of(at + "is not YAML: " + what));
        }
    }

    Keys section(String key) {
        known.add(key);
        return new Keys(at(key), node.path(key), problems);
    }

    boolean has(String key) {
        known.add(key);
        return node.hasNonNull(key);
    }

    Optional<String> text(String key) {
        known.add(key);
        JsonNode value = node.path(key);
        if (value.isContainerNode()) {
            problem(key, "must be one value; got " + value);
            return Optional.empty();
        }
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value.asText());
    }

    String required(String key, String meaning) {
        Optional<String> found = text(key).filter(text -> !text.isBlank());
        if (found.isEmpty() && !node.path(key).isContainerNode()) {
            problem(key, "is missing; give " + meaning);
        }
        return found.orElse("");
    }

    int whole(String key, int fallback, int least, int most) {
        return (int) number(key, fallback, least, most, true);
    }

    double real(String key, double fallback, double least, double most) {
        return number(key, fallback, least, most, false);
    }

    private double number(String key, double fallback, double least, double most, boolean whole) {
        Optional<String> found = text(key);
        if (found.isEmpty()) {
            return fallback;
        }
        double value;
        try {
            value = Double.parseDouble(found.get().replace("_", ""));
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (!(value >= least && value <= most) || whole && value != Math.rint(value)) {
            String range = whole
                    ? "a whole number from " + (long) least + " to " + (long) most
                    : "a number from " + least + " to " + most;
            problem(key, "must be " + range + "; got " + found.get());
            return fallback;
        }
        return value;
    }

    /** A list of texts, or one text; none where the key is missing. */
    List<String> texts(String key) {
        known.add(key);
        JsonNode value = node.path(key);
        List<String> found = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(item -> found.add(item.asText()));
        } else if (value.isObject()) {
            problem(key, "must be a text or a list of texts; got " + value);
        } else if (!value.isMissingNode() && !value.isNull()) {
            found.add(value.asText());
        }
        return found;
    }

    /** A mapping whose keys are the user's own. */
    SortedMap<String, String> own(String key) {
        known.add(key);
        SortedMap<String, String> found = new TreeMap<>();
        Keys mapping = section(key);
        mapping.node
                .fieldNames()
                .forEachRemaining(name -> mapping.text(name).ifPresent(value -> found.put(name, value)));
        return found;
    }

    void problem(@Nullable String key, String message) {
        problems.add((key == null ? path : at(key)) + ": " + message);
    }

    /** Every key has been read: one that is left over is a mistake, perhaps of typing. */
    void done() {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                String close = ClosestName.of(key, known);
                problems.add(at(key) + ": there is no such key"
                        + (close == null
                                ? "; known here: " + String.join(", ", known)
                                : "; did you mean " + close + "?"));
            }
        });
    }

    /** @throws SuiteException with all problems of the file, if there is one */
    void check(String where) {
        if (!problems.isEmpty()) {
            throw new SuiteException(where, problems);
        }
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
