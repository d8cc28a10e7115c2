package dev.distill.dashboard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What one browser is told: first everything, then what changes. The events are
 *
 * <pre>
 * hello    {}                                    forget what you know; it all comes now
 * runs     {folder, runs}                        see {@link RunsJson}; whenever it is not as it was
 * steps    {training, replaced, lines}           lines of metrics.jsonl; those before no longer hold where replaced
 * samples  {training, replaced, lines}           likewise of samples.jsonl
 * history  {run, replaced, lines}                likewise of a harvest's history.jsonl
 * failed   {run, replaced, lines}                likewise of its failed.jsonl
 * curation {run, curation}                       see {@link CurationJson}, null where there is none any more; when it is not as it was
 * evaluation {run, evaluation}                   likewise, see {@link EvaluationJson}
 * </pre>
 */
final class LiveStream {
    private static final long LOOK_MILLIS = 200;
    private static final long RUNS_EVERY = 5;
    private static final long ALIVE_EVERY = 50;

    /** Lines of a training that has a history; one that runs adds fewer between two looks. */
    private static final int MANY = 500;

    private static final String TRAINING = "training";
    private static final String RUN = "run";

    private final RunsFolder folder;
    private final OutputStream out;
    private final Map<String, Followed> followed = new LinkedHashMap<>();
    private String told = "";

    private final EvaluationJson evaluation = new EvaluationJson();

    /** What was told of each run's curation, and of its evaluation. */
    private Map<String, String> curations = Map.of();

    private Map<String, String> evaluations = Map.of();

    LiveStream(RunsFolder folder, OutputStream out) {
        this.folder = folder;
        this.out = out;
    }

    /**
     * A file, followed.
     *
     * @param event that tells what is new in it
     * @param of what it is of: a training or a run
     */
    private record Followed(String event, String of, String id, LineTail tail) {}

    /** Until the dashboard is closed, or the browser is gone. */
    void run(Closing closing) throws IOException {
        out.write("retry: 1000\n".getBytes(StandardCharsets.UTF_8));
        send("hello", "{}");
        long look = 0;
        do {
            if (look % RUNS_EVERY == 0) {
                tellRuns();
                curations = tellChanged("curation", CurationJson::of, curations);
                evaluations = tellChanged("evaluation", evaluation::of, evaluations);
            }
            while (tellLines()) {
                // a long history comes in several parts
            }
            look++;
            if (look % ALIVE_EVERY == 0) {
                out.write(":\n\n".getBytes(StandardCharsets.UTF_8)); // shows whether the browser is still there
                out.flush();
            }
        } while (closing.goOnAfter(LOOK_MILLIS));
    }

    private void tellRuns() throws IOException {
        String now = RunsJson.of(folder).toString();
        if (now.equals(told)) {
            return;
        }
        send("runs", now);
        told = now;
        Set<String> there = new HashSet<>();
        for (Run run : folder.runs()) {
            for (Run.Training training : run.trainings()) {
                there.add(follow("steps", TRAINING, training.id(), training.metrics()));
                there.add(follow("samples", TRAINING, training.id(), training.samples()));
            }
            there.add(follow("history", RUN, run.name(), run.harvestHistory()));
            there.add(follow("failed", RUN, run.name(), run.failedUnits()));
        }
        followed.keySet().retainAll(there);
    }

    /**
     * Tells what is not as it was of a stage of any run.
     *
     * @param told of each run the last time
     * @return of each run now
     */
    private Map<String, String> tellChanged(
            String event, Function<Run, Optional<ObjectNode>> of, Map<String, String> told) throws IOException {
        Map<String, String> now = new HashMap<>();
        for (Run run : folder.runs()) {
            of.apply(run).ifPresent(found -> now.put(run.name(), found.toString()));
        }
        Set<String> names = new TreeSet<>(told.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            if (!Objects.equals(now.get(name), told.get(name))) {
                ObjectNode message = new ObjectMapper().createObjectNode().put(RUN, name);
                message.putRawValue(event, new RawValue(now.getOrDefault(name, "null")));
                send(event, message.toString());
            }
        }
        return now;
    }

    /** Follows a file from now on; its name among those that are followed. */
    private String follow(String event, String of, String id, Path file) {
        String name = event + " " + id;
        followed.computeIfAbsent(name, _ -> new Followed(event, of, id, new LineTail(file)));
        return name;
    }

    /** Whether there is more to tell at once. */
    private boolean tellLines() throws IOException {
        boolean some = false;
        for (Followed file : followed.values()) {
            some |= tell(file, file.tail.read());
        }
        return some;
    }

    private boolean tell(Followed file, LineTail.News news) throws IOException {
        if (news.isNone()) {
            return false;
        }
        ObjectNode message =
                new ObjectMapper().createObjectNode().put(file.of, file.id).put("replaced", news.replaced());
        message.putArray("lines").addAll(news.lines());
        send(file.event, message.toString());
        return news.lines().size() >= MANY;
    }

    /** @param json of one line: Jackson writes no line's end within it */
    private void send(String event, String json) throws IOException {
        out.write(("event: " + event + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
