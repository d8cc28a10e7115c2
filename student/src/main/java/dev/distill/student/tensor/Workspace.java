package dev.distill.student.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory for what lives no longer than a step: activations, their gradients, scratch. Tensors are cut one after the other from large
 * blocks; when a {@link Scope} closes, all that was cut since it opened is free again, and the next step gets the same addresses. Blocks go
 * back to the system only when the workspace closes, so that a run of equal steps allocates nothing after its first.
 *
 * <pre>{@code
 * try (var step = workspace.open()) {
 *     Tensor y_NC = workspace.floats(n, c);
 *     ...
 * } // y_NC is gone
 * }</pre>
 *
 * <p>Contents are whatever was there before, not zeros. One thread at a time.
 */
public final class Workspace implements AutoCloseable {
    /** Where what is never touched takes no memory, far more than a tensor: little is left unused at a block's end. */
    private static final long BLOCK_BYTES = LargeMemory.isTakenWhenTouched() ? 256L << 20 : 16L << 20;

    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> blocks = new ArrayList<>();
    private int block; // the block being cut
    private long used; // bytes cut from it
    private int depth; // scopes open
    private long peak;

    /** Marks the present state; closing it frees what was cut since. Scopes nest, and close in reverse order. */
    public Scope open() {
        depth++;
        return new Scope(this, block, used, depth);
    }

    /** A tensor with undefined contents. */
    public Tensor allocate(DType type, int... shape) {
        long size = type.bytes();
        for (int extent : shape) {
            size = Math.multiplyExact(size, (long) extent);
        }
        return Tensor.of(cut(size), type, shape);
    }

    /** A FLOAT tensor with undefined contents. */
    public Tensor floats(int... shape) {
        return allocate(DType.FLOAT, shape);
    }

    /** A FLOAT tensor of zeros. */
    public Tensor zeros(int... shape) {
        Tensor tensor = floats(shape);
        tensor.segment().fill((byte) 0);
        return tensor;
    }

    /** What the workspace holds from the system, in bytes. */
    public long reservedBytes() {
        return blocks.stream().mapToLong(MemorySegment::byteSize).sum();
    }

    /** The most that was in use at one time, in bytes, the unused ends of blocks included. */
    public long peakBytes() {
        return peak;
    }

    private MemorySegment cut(long bytes) {
        if (depth == 0) {
            throw new IllegalStateException("workspace: no scope is open; memory belongs to a step, open one first");
        }
        long rounded = Math.ceilDiv(bytes, Tensor.ALIGNMENT) * Tensor.ALIGNMENT;
        while (block < blocks.size() && used + rounded > blocks.get(block).byteSize()) {
            block++;
            used = 0;
        }
        if (block == blocks.size()) {
            blocks.add(LargeMemory.allocate(arena, Math.max(rounded, BLOCK_BYTES)));
        }
        MemorySegment piece = blocks.get(block).asSlice(used, bytes);
        used += rounded;
        peak = Math.max(peak, inUse());
        return piece;
    }

    private long inUse() {
        long sum = used;
        for (int i = 0; i < block; i++) {
            sum += blocks.get(i).byteSize();
        }
        return sum;
    }

    /** Gives all memory back. */
    @Override
    public void close() {
        arena.close();
    }

    /** A step, or a part of one. */
    public static final class Scope implements AutoCloseable {
        private final Workspace workspace;
        private final int block;
        private final long used;
        private final int depth;

        private Scope(Workspace workspace, int block, long used, int depth) {
            this.workspace = workspace;
            this.block = block;
            this.used = used;
            this.depth = depth;
        }

        @Override
        public void close() {
            if (workspace.depth != depth) {
                throw new IllegalStateException("workspace: scopes close in reverse order; closing " + depth + " while "
                        + workspace.depth + " are open");
            }
            workspace.depth--;
            workspace.block = block;
            workspace.used = used;
        }
    }
}
