package dev.distill.student.model;

import dev.distill.student.layer.Block;
import dev.distill.student.layer.Pass;
import dev.distill.student.ops.Sequences;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * One block's part of a forward pass, and the way back through it.
 *
 * @param saved the block's activations; null where the backward computes them again from x
 */
record BlockPass(Block block, Tensor x_NC, Sequences sequences, Block.@Nullable Saved saved, Tensor y_NC) {

    /** forward: {@code x_NC -> y_NC}. */
    static BlockPass forward(Pass pass, Block block, Tensor x_NC, Sequences sequences, Decoder.Memory activations) {
        return switch (activations) {
            case KEEP -> {
                Block.Saved saved = block.forward(pass, x_NC, sequences);
                yield new BlockPass(block, x_NC, sequences, saved, saved.y_NC());
            }
            case RECOMPUTE -> {
                Tensor y_NC = pass.floats(x_NC.shape());
                try (Workspace.Scope within = pass.memory().open()) {
                    pass.ops().copy(y_NC, block.forward(pass, x_NC, sequences).y_NC());
                }
                yield new BlockPass(block, x_NC, sequences, null, y_NC);
            }
        };
    }

    /** forward of a block that nothing goes back through: {@code x_NC} becomes the block's output, and nothing is kept. */
    static BlockPass through(Pass pass, Block block, Tensor x_NC, Sequences sequences) {
        try (Workspace.Scope within = pass.memory().open()) {
            pass.ops().copy(x_NC, block.forward(pass, x_NC, sequences).y_NC());
        }
        return new BlockPass(block, x_NC, sequences, null, x_NC);
    }

    /** backward, in place: {@code d_NC} is dy on entry and dx on return. */
    void backward(Pass pass, Tensor d_NC) {
        try (Workspace.Scope within = pass.memory().open()) {
            Block.Saved again = saved != null ? saved : block.forward(pass, x_NC, sequences);
            block.backward(pass, again, d_NC);
        }
    }
}
