package dev.distill.pipeline;

import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Operations on tensors for the stages that need them, made when the first one asks: a harvest from an API does not wait for
 * native libraries. Closed by whoever made it.
 */
public final class LazyOps implements Supplier<Ops>, AutoCloseable {
    private @Nullable Ops ops;

    @Override
    public synchronized Ops get() {
        Ops made = ops;
        if (made == null) {
            made = new CpuOps();
            ops = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        if (ops != null) {
            ops.close();
        }
    }
}
