package dev.distill.dashboard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one browser is told: first everything, then what changes. The events are
 *
 * <pre>
 * hello    {}                                    forget what you know; it all comes now
 * runs     {folder, runs}                        see {@link RunsJson}; whenever it is not as it was
 * steps    {training, replaced, lines}           lines of metrics.jsonl; those before no longer hold where replaced
 * samples  {training, replaced, lines}           likewise of samples.jsonl
 * </pre>
 */
final class LiveStream {
    private static final long LOOK_MILLIS = 200;
    private static final long RUNS_EVERY = 5;
    private static final long ALIVE_EVERY = 50;

    /** Lines of a training that has a history; one that runs adds fewer between two looks. */
    private static final int MANY = 500;

    private final RunsFolder folder;
    private final OutputStream out;
    private final Map<String, Tails> tails = new HashMap<>();
    private String told = "";

    LiveStream(RunsFolder folder, OutputStream out) {
        this.folder = folder;
        this.out = out;
    }

    /** The files of one training, followed. */
    private record Tails(LineTail steps, LineTail samples) {
        static Tails of(Run.Training training) {
            return new Tails(new LineTail(training.metrics()), new LineTail(training.samples()));
        }
    }

    /** Until the dashboard is closed, or the browser is gone. */
    void run(Closing closing) throws IOException {
        out.write("retry: 1000\n".getBytes(StandardCharsets.UTF_8));
        send("hello", "{}");
        long look = 0;
        do {
            if (look % RUNS_EVERY == 0) {
                tellRuns();
            }
            while (tellTrainings()) {
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
                there.add(training.id());
                tails.computeIfAbsent(training.id(), id -> Tails.of(training));
            }
        }
        tails.keySet().retainAll(there);
    }

    /** Whether there is more to tell at once. */
    private boolean tellTrainings() throws IOException {
        boolean some = false;
        for (Map.Entry<String, Tails> training : tails.entrySet()) {
            some |= tell("steps", training.getKey(), training.getValue().steps.read());
            some |= tell(
                    "samples", training.getKey(), training.getValue().samples.read());
        }
        return some;
    }

    private boolean tell(String event, String training, LineTail.News news) throws IOException {
        if (news.isNone()) {
            return false;
        }
        ObjectNode message =
                new ObjectMapper().createObjectNode().put("training", training).put("replaced", news.replaced());
        message.putArray("lines").addAll(news.lines());
        send(event, message.toString());
        return news.lines().size() >= MANY;
    }

    /** @param json of one line: Jackson writes no line's end within it */
    private void send(String event, String json) throws IOException {
        out.write(("event: " + event + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
