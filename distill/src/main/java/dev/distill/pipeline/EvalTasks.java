package dev.distill.pipeline;

import dev.distill.data.shard.FileEntry;
import dev.distill.eval.manner.Probes;
import dev.distill.eval.suite.TaskData;
import dev.distill.eval.suite.TaskFile;
import dev.distill.eval.suite.TaskLoader;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Task;
import dev.distill.hub.HubSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The questions of an evaluation, read from where the recipe says, or from the hub's cache. */
final class EvalTasks {
    /** What lies in an evaluation's folder beside the folders of its tasks. */
    static final Set<String> RESERVED = Set.of(
            Examinees.BEFORE, Examinees.AGAINST, AskedEndpoint.ACCOUNTS, AnswerJudge.ACCOUNTS, EvalFiles.HARNESS);

    private EvalTasks() {}

    /** Where data is looked for. */
    static List<Path> folders(EvalPart part) throws IOException {
        List<Path> folders = new ArrayList<>(part.data());
        folders.add(HubSettings.fromEnvironment().cache());
        return folders;
    }

    /** What is said where two tasks have one name. */
    static String twice(String name) {
        return "eval.tasks: two tasks are called " + name
                + ", and their answers would lie in one folder; rename a file, or give its task file another name";
    }

    /** The task's that these make. */
    static String name(Probes probes) {
        return "probe-" + probes.word();
    }

    /** All tasks of this part, in its order, the probes last. */
    static List<Task> load(EvalPart part) throws IOException {
        List<Path> folders = folders(part);
        List<Task> tasks = new ArrayList<>();
        for (String given : part.tasks()) {
            TaskFile file = TaskFile.of(given);
            tasks.add(load(part, file, TaskData.find(file, folders)));
        }
        List<String> names = tasks.stream().map(Task::name).toList();
        names.stream()
                .filter(name -> Collections.frequency(names, name) > 1)
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(twice(name));
                });
        if (part.probes()) {
            Decoding once = part.sampling().ofProbes();
            for (Probes probes : Probes.values()) {
                tasks.add(probes.task(once, part.sampling().protocol().system())
                        .under(part.sampling().title()));
            }
        }
        return tasks;
    }

    /** One of them, asked as this part says. */
    static Task load(EvalPart part, TaskFile given, TaskData data) throws IOException {
        String template = part.template();
        TaskFile file = template == null ? given : given.asked("eval.template", template);
        TaskLoader.Asking asking = new TaskLoader.Asking(
                part.sampling().of(file),
                part.sampling().title(),
                part.sampling().protocol().system(),
                part.limit() == 0 ? Integer.MAX_VALUE : part.limit());
        return TaskLoader.load(file, data, asking);
    }

    /** What the questions were read from, as inputs of the stage. */
    static List<FileEntry> inputs(List<Task> tasks) {
        List<FileEntry> inputs = new ArrayList<>();
        for (Task task : tasks) {
            task.origin()
                    .files()
                    .forEach((file, hash) ->
                            inputs.add(new FileEntry(task.name() + "/" + file, 0, hash, OptionalLong.empty())));
        }
        return inputs;
    }
}
