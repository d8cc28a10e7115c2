package dev.distill.pipeline;

import dev.distill.data.trace.Hash;
import dev.distill.eval.task.Task;
import dev.distill.student.ops.Ops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The {@code eval.endpoint} of one evaluation: one ledger, and so one budget, one dialect and, where it is a model of this process, one opened model for all tasks.
 * Where every answer is there already, nobody is asked and nothing is opened, but a local model for its fingerprint.
 */
final class AskedEndpoint implements AutoCloseable {
    /** The folder of the evaluation's with the ledger. */
    static final String ACCOUNTS = "endpoint";

    /** The folder of a task's with the replies. */
    private static final String REPLIES = "asked";

    private final EndpointPart part;
    private final Whom whom;
    private final RunFolder run;
    private final Supplier<Ops> ops;
    private final Pipeline.Listener listener;
    private final Stop stop;
    private @Nullable Asker asker;

    AskedEndpoint(
            Recipe recipe, EndpointPart part, RunFolder run, Supplier<Ops> ops, Pipeline.Listener listener, Stop stop) {
        this.part = part;
        this.whom = part.whom(recipe);
        this.run = run;
        this.ops = ops;
        this.listener = listener;
        this.stop = stop;
    }

    /** As one task asks it. */
    EndpointResponder responder(Task task) {
        Path replies = run.eval().resolve(task.name()).resolve(REPLIES);
        return new EndpointResponder(this, part, replies, listener, stop);
    }

    Whom whom() {
        return whom;
    }

    Path accounts() {
        return run.eval().resolve(ACCOUNTS);
    }

    /** Opened when it is first needed. */
    Asker asker() throws IOException {
        Asker ready = asker;
        if (ready == null) {
            ready = Asker.of(whom, run, accounts(), ops, listener, stop);
            asker = ready;
        }
        return ready;
    }

    private boolean isLocal() {
        return whom.teacher().local() != null;
    }

    /** As it is called in a report: the model's name at the API, or that of the folder. */
    String name() {
        try {
            return isLocal() ? asker().name() : whom.teacher().endpoint().model();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What beside prompt and decoding decides its answers; of a model in this process the weights, by their hash. */
    String fingerprint() {
        TeacherPart asked = whom.teacher();
        try {
            return Hash.of(List.of(
                    asked.endpoint().url().toString(),
                    isLocal() ? asker().endpoint().model() : asked.endpoint().model(),
                    asked.endpoint().dialect().name(),
                    asked.endpoint().dialect().asked().toString(),
                    asked.sampling().extra().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (asker != null) {
            asker.close();
        }
    }
}
