package dev.distill.pipeline;

import dev.distill.hub.HubListener;
import dev.distill.hub.ModelSource;
import dev.distill.respond.LocalTeacher;
import dev.distill.respond.Student;
import dev.distill.student.ops.Ops;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.Teacher;
import dev.distill.teacher.harvest.Asking;
import dev.distill.teacher.harvest.HarvestConfig;
import dev.distill.teacher.harvest.HarvestOutput;
import dev.distill.teacher.harvest.Harvester;
import dev.distill.teacher.harvest.Limits;
import dev.distill.teacher.harvest.Spending;
import dev.distill.teacher.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The recipe's teacher, ready to be asked: an API, or a model in this process, which is closed with this. */
final class Asker implements AutoCloseable {
    private static final String COMMIT = "teacher.commit";

    /** Digits of a model's fingerprint in its name: other weights of the same name are another teacher. */
    private static final int FINGERPRINT = 12;

    private final Recipe recipe;
    private final TeacherPart teacher;
    private final @Nullable Student local;

    private Asker(Recipe recipe, TeacherPart teacher, @Nullable Student local) {
        this.recipe = recipe;
        this.teacher = teacher;
        this.local = local;
    }

    /** @param stop breaks off a fetch */
    static Asker of(Recipe recipe, RunFolder run, Ops ops, HubListener listener, Stop stop) throws IOException {
        TeacherPart teacher = Recipe.required(recipe.teacher(), "teacher", "harvest");
        ModelSource source = teacher.local();
        if (source == null) {
            return new Asker(recipe, teacher, null);
        }
        Student student = switch (source) {
            case ModelSource.Local(Path path) -> Student.open(path, null, ops);
            case ModelSource.Missing missing ->
                throw new RecipeException(recipe.name(), List.of("teacher.model: " + missing.message()));
            case ModelSource.OnHub hub -> {
                Path path = BaseModel.fetch(hub, run.root().resolve(COMMIT), listener, stop);
                yield Student.open(hub.id().toString(), path, null, ops); // its folder is named after a commit
            }
        };
        try {
            student.language().renderer();
        } catch (RuntimeException e) {
            student.close(); // a base model without a chat template cannot be asked
            throw e;
        }
        return new Asker(recipe, teacher, student);
    }

    /** A harvester of this teacher. */
    Harvester harvester(Asking asking, HarvestOutput output) throws IOException {
        Spending spending =
                new Spending(teacher.tariffNow(), recipe.harvest().budget().orElse(null));
        HarvestConfig config = new HarvestConfig(endpoint(), sampling(), asking, limits(), spending, output);
        Student student = local;
        if (student == null) {
            ApiKey key = teacher.key();
            return new Harvester(config, key);
        }
        Supplier<Teacher> teachers = () -> new LocalTeacher(student, teacher.slots());
        return new Harvester(config, teachers);
    }

    private Endpoint endpoint() {
        return local == null
                ? teacher.endpoint()
                : new Endpoint(
                        Endpoint.IN_PROCESS,
                        local.name() + "#" + local.fingerprint().substring(0, FINGERPRINT),
                        teacher.endpoint().dialect());
    }

    /** A model in this process always has a seed. */
    private Sampling sampling() {
        Sampling sampling = teacher.sampling();
        return local == null || sampling.seed().isPresent() ? sampling : sampling.withSeed(recipe.seed());
    }

    /** As many again as are written wait, so that no slot is ever empty. */
    private Limits limits() {
        Limits limits = recipe.harvest().limits();
        return local == null ? limits : limits.withInFlight(2 * teacher.slots());
    }

    @Override
    public void close() {
        if (local != null) {
            local.close();
        }
    }
}
