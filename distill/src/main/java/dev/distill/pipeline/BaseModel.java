package dev.distill.pipeline;

import dev.distill.data.journal.AtomicFile;
import dev.distill.hub.Hub;
import dev.distill.hub.HubId;
import dev.distill.hub.HubListener;
import dev.distill.hub.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The student's base, and the teacher whose probabilities it learns, where the recipe names models of the hub. They are fetched before the first stage begins, so that no teacher
 * is paid for a student that cannot be had; and a run stays with the commit that it began with, for a base that moves on
 * between two commands would fit neither the checkpoints nor the adapter.
 */
final class BaseModel {
    private static final String BASE = "base.commit";
    private static final String TEACHER = "distill.commit";

    private BaseModel() {}

    /** The recipe with its base on this disk; the recipe itself where it needs nothing of the hub. */
    static Recipe fetch(Recipe recipe, RunFolder run, HubListener listener, Stop stop) throws IOException {
        Recipe fetched = recipe;
        if (recipe.student().map(StudentPart::base).orElse(null) instanceof ModelSource.OnHub base) {
            Path folder = fetch(base, run.root().resolve(BASE), listener, stop);
            fetched = fetched.with(recipe.student().orElseThrow().in(folder));
        }
        Optional<DistillPart> distill = recipe.train().distill();
        if (distill.map(DistillPart::model).orElse(null) instanceof ModelSource.OnHub teacher) {
            Path folder = fetch(teacher, run.root().resolve(TEACHER), listener, stop);
            fetched = fetched.with(recipe.train().with(distill.orElseThrow().in(folder)));
        }
        return fetched;
    }

    private static Path fetch(ModelSource.OnHub base, Path file, HubListener listener, Stop stop) throws IOException {
        HubId id = base.id();
        String begun = Files.exists(file) ? Files.readString(file).strip() : "";
        String name = id + " ";
        HubId wanted = begun.startsWith(name) ? id.at(begun.substring(name.length())) : id;
        Hub.Fetched fetched = new ModelSource.OnHub(wanted, base.path()).fetch(Hub.fromEnvironment(), listener, stop);
        AtomicFile.write(file, name + fetched.commit() + "\n");
        return fetched.path();
    }
}
