package dev.distill.eval.suite;

import dev.distill.eval.task.Grading;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which columns of a row hold what. A name with points leads inwards ({@code metadata.func_name}), also through a text that is JSON.
 *
 * @param question the first that a row has is what is asked
 * @param reference the right answer, the first that a row has; of a choice its letter, or the text of the right option
 * @param id the data set's own name of the question; empty for none
 * @param options of a choice: one column that is a list, or several, one an option
 * @param tests of a program: lists of {@code input} and {@code output}
 * @param testCode Python statements that test a function; empty for none
 * @param function that the tests call; empty for programs that read stdin
 * @param prelude what stands before the function in the question and is defined for the tests too; empty for none
 * @param timeLimit of each test, seconds; empty for none
 * @param memoryLimit MiB; empty for none
 * @param instructions ids of what an answer must obey; empty for none
 * @param arguments of those, in the same order
 * @param texts more columns that the template shows, by the names that it has for them
 */
public record TaskColumns(
        List<String> question,
        List<String> reference,
        String id,
        List<String> options,
        List<String> tests,
        String testCode,
        String function,
        String prelude,
        String timeLimit,
        String memoryLimit,
        String instructions,
        String arguments,
        SortedMap<String, String> texts) {
    private static final List<String> ASKING = List.of("question", "problem", "prompt");
    private static final List<String> ANSWERING = List.of("reference", "expected_answer", "answer");

    /** The names that people use, for questions with a final answer. */
    static final TaskColumns USUAL = new TaskColumns(
            ASKING, ANSWERING, "id", List.of(), List.of(), "", "", "", "", "", "", "", Collections.emptySortedMap());

    public TaskColumns {
        question = List.copyOf(question);
        reference = List.copyOf(reference);
        options = List.copyOf(options);
        tests = List.copyOf(tests);
        texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
    }

    static TaskColumns read(Keys keys) {
        List<String> question = keys.texts("question");
        List<String> reference = keys.texts("reference");
        TaskColumns columns = new TaskColumns(
                question.isEmpty() ? ASKING : question,
                reference.isEmpty() ? ANSWERING : reference,
                keys.text("id").orElse("id"),
                keys.texts("options"),
                keys.texts("tests"),
                keys.text("test-code").orElse(""),
                keys.text("function").orElse(""),
                keys.text("prelude").orElse(""),
                keys.text("time-limit").orElse(""),
                keys.text("memory-limit").orElse(""),
                keys.text("instructions").orElse(""),
                keys.text("arguments").orElse(""),
                keys.own("texts"));
        keys.done();
        return columns;
    }

    /** What this way of grading cannot do without. */
    List<String> missing(Grading grading) {
        List<String> problems = new ArrayList<>();
        if (grading == Grading.CHOICE && options.isEmpty()) {
            problems.add("grading: choice needs options, a column that is a list or one column an option; got none");
        }
        if (grading == Grading.INSTRUCTIONS && (instructions.isEmpty() || arguments.isEmpty())) {
            problems.add("grading: instructions needs the columns instructions and arguments; got "
                    + (instructions.isEmpty() && arguments.isEmpty() ? "neither" : "one of them"));
        }
        return problems;
    }
}
