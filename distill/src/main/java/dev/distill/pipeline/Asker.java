package dev.distill.pipeline;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A recipe's teacher, its judge or its {@code eval.endpoint}, ready to be asked: an API, or a model in this process, which is closed with this. A model in this process
 * always has a seed.
 */
final class Asker implements AutoCloseable {
    /** Digits of a model's fingerprint in its name: other weights of the same name are another teacher. */
    private static final int FINGERPRINT = 12;

    private final Whom whom;
    private final Spending spending;
    private final Endpoint endpoint;
    private final @Nullable Student local;

    private Asker(Whom whom, Spending spending, Endpoint endpoint, @Nullable Student local) {
        this.whom = whom;
        this.spending = spending;
        this.endpoint = endpoint;
        this.local = local;
    }

    /**
     * The one who is asked by a harvest in this folder.
     *
     * @param folder of the ledger, where a dialect that was found out is kept
     * @param listener hears of a fetch, and of a dialect that was found out
     * @param stop breaks off a fetch
     */
    static Asker of(Whom whom, RunFolder run, Path folder, Supplier<Ops> ops, Pipeline.Listener listener, Stop stop)
            throws IOException {
        TeacherPart teacher = whom.teacher();
        Spending spending = whom.spending();
        ModelSource source = teacher.local();
        if (source == null) {
            Files.createDirectories(folder);
            Endpoint endpoint = whom.inItsWords(
                    () -> teacher.endpointIn(folder, spending, whom.harvest().limits(), listener.harvest()));
            return new Asker(whom, spending, endpoint, null);
        }
        Student student = switch (source) {
            case ModelSource.Local(Path path) -> Student.open(path, null, ops.get());
            case ModelSource.Missing missing ->
                throw new RecipeException("recipe", List.of(whom.section() + ".model: " + missing.message()));
            case ModelSource.OnHub hub -> {
                Path path = BaseModel.fetch(hub, run.root().resolve(whom.commitFile()), listener.fetching(), stop);
                yield Student.open(hub.id().toString(), path, null, ops.get()); // its folder is named after a commit
            }
        };
        try {
            student.language().renderer();
        } catch (RuntimeException e) {
            student.close(); // a base model without a chat template cannot be asked
            throw e;
        }
        Endpoint endpoint = new Endpoint(
                Endpoint.IN_PROCESS,
                student.name() + "#" + student.fingerprint().substring(0, FINGERPRINT),
                teacher.endpoint().dialect());
        return new Asker(whom, spending, endpoint, student);
    }

    /** A harvester that asks it as its section says. */
    Harvester harvester(Asking asking, HarvestOutput output) throws IOException {
        return harvester(whom.teacher().sampling(), asking, output);
    }

    /** A harvester that asks it to sample so. */
    Harvester harvester(Sampling given, Asking asking, HarvestOutput output) throws IOException {
        TeacherPart teacher = whom.teacher();
        Sampling sampling = local == null || given.seed().isPresent() ? given : given.withSeed(whom.seed());
        HarvestConfig config =
                whom.inItsWords(() -> new HarvestConfig(endpoint, sampling, asking, limits(), spending, output));
        Student student = local;
        if (student == null) {
            ApiKey key = teacher.key();
            return new Harvester(config, key);
        }
        Supplier<Teacher> teachers = () -> new LocalTeacher(student, teacher.slots());
        return new Harvester(config, teachers);
    }

    /** As it is called in a report. */
    String name() {
        return local == null ? endpoint.model() : local.name();
    }

    /** Whom it asks, with the dialect that was found out. */
    Endpoint endpoint() {
        return endpoint;
    }

    /** As many again as are written wait, so that no slot is ever empty. */
    private Limits limits() {
        Limits limits = whom.harvest().limits();
        return local == null ? limits : limits.withInFlight(2 * whom.teacher().slots());
    }

    @Override
    public void close() {
        if (local != null) {
            local.close();
        }
    }
}
