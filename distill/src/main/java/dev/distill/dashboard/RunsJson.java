package dev.distill.dashboard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the browser is told of runs, beside the steps and samples of their trainings. */
final class RunsJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> STAGES = List.of("harvest", "verify", "curate", "train", "eval", "export");

    private RunsJson() {}

    static ObjectNode of(RunsFolder folder) throws IOException {
        ObjectNode all = JSON.createObjectNode().put("folder", folder.root().toString());
        ArrayNode runs = all.putArray("runs");
        for (Run run : folder.runs()) {
            runs.add(of(run));
        }
        return all;
    }

    private static ObjectNode of(Run run) {
        boolean working = run.worker().isPresent();
        ObjectNode json = JSON.createObjectNode().put("name", run.name());
        ArrayNode done = json.putArray("done");
        STAGES.stream()
                .filter(stage -> Files.exists(run.folder().resolve(stage).resolve(RunsFolder.MANIFEST)))
                .forEach(done::add);
        ObjectNode harvest = JsonFile.object(run.harvest().resolve("progress.json"));
        if (!harvest.isEmpty()) {
            boolean over = Files.exists(run.harvest().resolve(RunsFolder.MANIFEST));
            json.set("harvest", harvest.put("state", state(over, working)));
        }
        ObjectNode settings = settings(run.folder().resolve("resolved.yaml"));
        ArrayNode trainings = json.putArray("trainings");
        boolean free = working;
        for (Run.Training training : run.trainings().reversed()) {
            boolean isWorkedOn = free && !training.isDone();
            free &= !isWorkedOn; // a process trains one at a time, the newest
            ObjectNode own = JsonFile.object(training.folder().resolve("begun.json"))
                    .put("id", training.id())
                    .put("state", state(training.isDone(), isWorkedOn));
            own.set("settings", settings.deepCopy().setAll(manifestSettings(training.folder())));
            trainings.insert(0, own);
        }
        return json;
    }

    static String state(boolean done, boolean working) {
        return done ? "done" : working ? "running" : "stopped";
    }

    private static ObjectNode manifestSettings(Path training) {
        return JsonFile.object(training.resolve(RunsFolder.MANIFEST)).path("settings") instanceof ObjectNode settings
                ? settings
                : JSON.createObjectNode();
    }

    private static ObjectNode settings(Path file) {
        try {
            return ResolvedYaml.values(Files.readString(file));
        } catch (IOException e) {
            return JSON.createObjectNode(); // not there yet, or being written
        }
    }
}
