package dev.distill.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.intake.RowFile;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.eval.report.SwePredictions;
import dev.distill.eval.suite.Protocol;
import dev.distill.eval.suite.TaskData;
import dev.distill.eval.suite.TaskFile;
import dev.distill.eval.suite.TaskLoader;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.GivenAnswers;
import dev.distill.eval.task.Grading;
import dev.distill.eval.task.Origin;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Responder.Response;
import dev.distill.eval.task.Task;
import dev.distill.hub.HubSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;

/** Somebody's answers to SWE-bench's issues, the first to each. */
public final class SweAnswers {
    private static final String ID = "id";

    private SweAnswers() {}

    /**
     * Of a file whose rows name their instances.
     *
     * @param model who answered
     * @throws IllegalArgumentException if a row names none, in {@code instance_id} or {@code id}
     */
    public static List<Answered> read(String model, Path answers) throws IOException {
        SequencedSet<String> instances = new LinkedHashSet<>();
        RowFile.read(answers, row -> instances.add(instance(row)));
        if (instances.isEmpty()) {
            throw new IllegalArgumentException("answers " + answers + ": has no row");
        }
        List<Question> questions = instances.stream().map(SweAnswers::question).toList();
        return of(
                model,
                answers,
                new Task(
                        "swe-bench",
                        Grading.EXACT,
                        questions,
                        Decoding.greedy(1),
                        Origin.of(String.valueOf(answers.getFileName()))));
    }

    /**
     * Of a file that answers a task's questions, which may be known by whatever {@link GivenAnswers} knows.
     *
     * @param data where the task's data lies, beside the hub's cache
     */
    public static List<Answered> read(String model, Path answers, Path taskFile, List<Path> data) throws IOException {
        TaskFile file = TaskFile.of(taskFile.toString());
        List<Path> folders = new ArrayList<>(data);
        folders.add(HubSettings.fromEnvironment().cache());
        TaskLoader.Asking asking = TaskLoader.Asking.of(Protocol.of("r1"), file, 0);
        Task task = TaskLoader.load(file, TaskData.find(file, folders), asking);
        if (task.questions().stream().noneMatch(one -> one.facets().containsKey(SwePredictions.INSTANCE))) {
            throw new IllegalArgumentException("task " + task.name() + ": its file needs facets: {"
                    + SwePredictions.INSTANCE + ": " + SwePredictions.INSTANCE
                    + "}, by which the harness knows each question");
        }
        return of(model, answers, task);
    }

    private static String instance(JsonNode row) {
        for (String column : List.of(SwePredictions.INSTANCE, ID)) {
            if (row.path(column).isTextual()) {
                return row.path(column).asText();
            }
        }
        throw new IllegalArgumentException("must name its instance in " + SwePredictions.INSTANCE + " or " + ID
                + "; does not. Of answers to a task's questions give the task's file");
    }

    private static Question question(String instance) {
        Prompt prompt = Prompt.of(List.of(Message.user(instance)), "its tests", "swe-bench#" + instance);
        return new Question(prompt, new TreeMap<>(Map.of(SwePredictions.INSTANCE, instance)));
    }

    /** What is not answered is left out, so that it counts as not submitted. */
    private static List<Answered> of(String model, Path answers, Task task) throws IOException {
        GivenAnswers given = GivenAnswers.read(model, answers, task);
        List<Prompt> there = task.prompts().stream()
                .filter(prompt -> given.samples(List.of(prompt)) > 0)
                .toList();
        if (there.isEmpty()) {
            throw new IllegalArgumentException("answers " + answers + ": none of them answers a question of task "
                    + task.name() + "; is it the file of another task, or were the questions put in other words?");
        }
        Map<String, Response> first = new HashMap<>();
        given.respond(there, Decoding.greedy(1), response -> first.putIfAbsent(response.promptId(), response));
        List<Answered> answered = new ArrayList<>();
        for (Question question : task.questions()) {
            Response response = first.get(question.id());
            if (response != null) {
                answered.add(new Answered(question, List.of(response)));
            }
        }
        return answered;
    }
}
