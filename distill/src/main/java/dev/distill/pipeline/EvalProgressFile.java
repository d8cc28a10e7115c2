package dev.distill.pipeline;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How far an evaluation is, in its {@link ProgressFile}: {@code rounds}, how many tasks are asked in all (one that two models
 * are asked counts twice), and of those that have begun {@code asked} with {@code task}, {@code done} and {@code all} answers.
 */
final class EvalProgressFile implements EvalStage.Progress, AutoCloseable {
    private record Asked(String task, int done, int all) {}

    private final List<Asked> asked = new ArrayList<>();
    private final int rounds;
    private final EvalStage.Progress caller;
    private final ProgressFile file;

    /** @param caller hears of all progress too */
    EvalProgressFile(Path folder, int rounds, EvalStage.Progress caller) {
        this.rounds = rounds;
        this.caller = caller;
        this.file = new ProgressFile(folder, "evaluation", this::figures);
    }

    private synchronized ObjectNode figures() {
        ObjectNode figures = ProgressFile.object().put("rounds", rounds);
        ArrayNode all = figures.putArray("asked");
        for (Asked one : asked) {
            all.addObject().put("task", one.task()).put("done", one.done()).put("all", one.all());
        }
        return figures;
    }

    @Override
    public void begin(String task, int earlier, int all) {
        synchronized (this) {
            asked.add(new Asked(task, earlier, all));
        }
        file.changed();
        caller.begin(task, earlier, all);
    }

    @Override
    public void responses(String task, int done, int all) {
        synchronized (this) {
            asked.set(asked.size() - 1, new Asked(task, done, all));
        }
        file.changed();
        caller.responses(task, done, all);
    }

    /** The evaluation has come to its end: there is no more progress. */
    void done() {
        file.done();
    }

    /** Writes how far it came, unless it is done. */
    @Override
    public void close() {
        file.close();
    }
}
