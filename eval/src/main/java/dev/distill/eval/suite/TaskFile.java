package dev.distill.eval.suite;

import dev.distill.eval.task.Grading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A set of questions as a YAML file says it: which data, which columns hold what, how it is asked and graded. A task file that exists is valid; all its
 * problems were reported at once. The format is a page of its own, docs/evaluation.md.
 *
 * @param name in reports and on the command line, for example {@code math-500}
 * @param title for people
 * @param data where the questions are
 * @param columns of a row, and what they hold
 * @param facets what scores can be split by: columns by the facets' names
 * @param template how a question is put
 * @param grading how an answer is told right from wrong
 * @param samples answers a question under a protocol that leaves it to the task, as {@code r1} does
 * @param keep by which facets it is chosen what is asked; none for all
 * @param leaveOut which rows are not asked, by columns
 */
public record TaskFile(
        String name,
        String title,
        DataPlace data,
        TaskColumns columns,
        SortedMap<String, String> facets,
        QuestionTemplate template,
        Grading grading,
        int samples,
        List<FacetRange> keep,
        List<LeftOut> leaveOut) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,99}");
    private static final String NAME_RULE =
            "must be 1 to 100 letters, digits, '.', '_', '+' or '-', not beginning with '.'; got ";

    /** Most answers a question. */
    private static final int MOST_SAMPLES = 4096;

    public TaskFile {
        facets = Collections.unmodifiableSortedMap(new TreeMap<>(facets));
        keep = List.copyOf(keep);
        leaveOut = List.copyOf(leaveOut);
    }

    /**
     * A task that this program carries in itself, a user's task file, or bare questions: a file of another ending is read as rows with the usual columns
     * (question, problem or prompt; answer, expected_answer or reference), graded as mathematics, each asked once.
     *
     * @param given a built-in name, or a path
     * @throws SuiteException with every problem
     */
    public static TaskFile of(String given) throws IOException {
        Optional<String> builtIn = BuiltIn.TASKS.text(given);
        if (builtIn.isPresent()) {
            return parse("task " + given, builtIn.get(), given, null);
        }
        Path path = Path.of(given);
        if (!Files.isRegularFile(path)) {
            throw BuiltIn.TASKS.unknown(given, "nor is there such a file");
        }
        return read(path);
    }

    /** The same for a file on this disk. */
    public static TaskFile read(Path path) throws IOException {
        String file = String.valueOf(path.getFileName());
        Path folder = Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(Path.of(""));
        if (file.matches(".*\\.ya?ml")) {
            return parse(path.toString(), Files.readString(path), file.replaceFirst("\\.ya?ml$", ""), folder);
        }
        String name = file.replaceFirst("\\.(jsonl?|parquet|csv)(\\.gz|\\.zst)?$", "");
        if (!NAME.matcher(name).matches()) { // it names a folder of answers
            throw new SuiteException(path.toString(), List.of("its name " + NAME_RULE + name + "; rename the file"));
        }
        return new TaskFile(
                name,
                name,
                DataPlace.of(file, folder),
                TaskColumns.USUAL,
                Collections.emptySortedMap(),
                QuestionTemplate.PLAIN,
                Grading.MATH,
                1,
                List.of(),
                List.of());
    }

    /** The names of all tasks that this program carries in itself. */
    public static List<String> builtIn() {
        return BuiltIn.TASKS.names();
    }

    private static TaskFile parse(String where, String yaml, String stem, @Nullable Path folder) {
        Keys keys = Keys.parse(where, yaml);
        String name = keys.text("name").orElse(stem);
        if (!NAME.matcher(name).matches()) {
            keys.problem("name", NAME_RULE + name);
        }
        Grading grading = grading(keys);
        TaskColumns columns = TaskColumns.read(keys.section("columns"));
        columns.missing(grading).forEach(problem -> keys.problem("columns", problem));
        SortedMap<String, String> facets = keys.own("facets");
        QuestionTemplate template = QuestionTemplate.read(keys, columns.texts());
        if (grading == Grading.CHOICE && !template.text().contains("{options}")) {
            keys.problem("template", "must contain {options} for grading: choice; else nobody sees them");
        }
        TaskFile file = new TaskFile(
                name,
                keys.text("title").orElse(name),
                DataPlace.read(keys.section("data"), folder),
                columns,
                facets,
                template,
                grading,
                keys.whole("samples", 1, 1, MOST_SAMPLES),
                FacetRange.read(keys, "keep", facets),
                LeftOut.read(keys, "leave-out"));
        keys.done();
        keys.check(where);
        return file;
    }

    private static Grading grading(Keys keys) {
        String word = keys.text("grading").orElse(Grading.MATH.word());
        return Grading.of(word).orElseGet(() -> {
            String all = Arrays.stream(Grading.values()).map(Grading::word).collect(Collectors.joining(", "));
            keys.problem("grading", "must be one of " + all + "; got " + word.toLowerCase(Locale.ROOT));
            return Grading.MATH;
        });
    }

    /**
     * The same questions, put in other words.
     *
     * @param key of the setting that holds them, for errors
     * @throws SuiteException if the words leave out what this task shows, its options for example, or have a place that there is nothing for
     */
    public TaskFile asked(String key, String words) {
        List<String> problems = template.problemsOf(words, columns.texts().keySet());
        if (!problems.isEmpty()) {
            throw new SuiteException(key + ", for task " + name, problems);
        }
        return new TaskFile(
                name, title, data, columns, facets, new QuestionTemplate(words, ""), grading, samples, keep, leaveOut);
    }
}
