package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/cli.md names every key of a recipe, with its default, and no other. */
class RecipeKeysTest {
    private static final Path REFERENCE = Path.of("..", "docs", "cli.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9.-]+)` \\| ([^|]+) \\|");
    private static final List<String> SECTIONS = List.of(
            "teacher", "prompts", "rewrite", "harvest", "verify", "curate", "student", "train", "eval", "export",
            "plan");
    private static final List<String> INNER = List.of(
            "teacher.extra",
            "verify.judge",
            "verify.judge.extra",
            "student.shape",
            "train.lora",
            "train.distill",
            "curate.contamination",
            "curate.mix",
            "eval.endpoint",
            "eval.endpoint.extra");

    /** Default by key, as the reference says. */
    private final Map<String, String> described = new LinkedHashMap<>();

    @BeforeEach
    void read() throws IOException {
        String table =
                Files.readString(REFERENCE).split("### Keys of a recipe")[1].split("(?m)^## ")[0];
        ROW.matcher(table)
                .results()
                .forEach(row -> described.put(row.group(1), row.group(2).replace("`", "")));
    }

    /** A wrong key in each section: the answers name the right ones. */
    @Test
    void allKeysAreDescribedAndNoOther() {
        Map<String, String> options = new LinkedHashMap<>();
        String wrong = "qqqqqqqqqqqqqqqqqqqqqqqqqqqq";
        options.put(wrong, "1");
        SECTIONS.forEach(section -> options.put(section + "." + wrong, "1"));
        INNER.forEach(section -> options.put(section + "." + wrong, "1"));
        RecipeException answers = catchThrowableOfType(RecipeException.class, () -> Recipe.read(null, options));

        TreeSet<String> keys = new TreeSet<>();
        for (String problem : answers.problems()) {
            String[] parts = problem.split(": there is no such key; known here: ");
            if (parts.length == 2) {
                String section = parts[0].substring(0, parts[0].length() - wrong.length());
                Arrays.stream(parts[1].split(", ")).map(key -> section + key).forEach(keys::add);
            }
        }
        keys.removeIf(Predicate.<String>isEqual("").or(SECTIONS::contains).or(INNER::contains));
        assertThat(described.keySet()).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void theDefaultsAreThoseThatAreTaken() throws IOException {
        Map<String, String> required = Map.of(
                "name", "n",
                "teacher.url", "http://127.0.0.1:9/v1",
                "teacher.model", "m",
                "verify.judge.url", "http://127.0.0.1:9/v1",
                "verify.judge.model", "j",
                "prompts.files", "p.jsonl",
                "eval.tasks", "t.jsonl",
                "eval.endpoint.url", "http://127.0.0.1:9/v1",
                "eval.endpoint.model", "e");
        Map<String, String> taken = new LinkedHashMap<>(
                Recipe.read(null, with(with(required, "student.shape.layers", "4"), "rewrite.count", "1"))
                        .resolved()
                        .values());
        assertThat(taken).containsEntry("student.shape.width", "128");
        Map<String, String> expected = new LinkedHashMap<>();
        Map<String, String> actual = new LinkedHashMap<>();
        described.forEach((key, text) -> {
            String value = taken.getOrDefault(key, "none").replaceAll("^\\[(.*)]$", "$1");
            actual.put(key, number(text));
            expected.put(
                    key,
                    key.equals("name")
                            ? "the file's name"
                            : required.containsKey(key) ? "required" : number(value.isEmpty() ? "none" : value));
        });
        assertThat(actual).isEqualTo(expected);
    }

    private static Map<String, String> with(Map<String, String> options, String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(options);
        more.put(key, value);
        return more;
    }

    /** 2e-5 and 2.0E-5 are one default. */
    private static String number(String text) {
        try {
            return Double.toString(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
