package dev.distill.student.ops;

import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Operations read and write memory by its raw address, which the collector does not see: without a word from us it may free the memory of a tensor in an
 * automatic arena while a kernel is still at work, once the caller does not need that tensor again. The result would be wrong bits, now and then.
 */
public final class Operands {
    private Operands() {}

    /** Stands at the end of an operation: up to here the memory of these tensors stays. */
    public static void keep(@Nullable Object... operands) {
        Reference.reachabilityFence(operands);
    }
}
