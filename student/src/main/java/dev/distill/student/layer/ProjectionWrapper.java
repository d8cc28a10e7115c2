package dev.distill.student.layer;

/** Decides, while a model is put together, what stands in the place of each layer: itself, or an adapter. */
@FunctionalInterface
public interface ProjectionWrapper {
    /** Every linear layer as it is. */
    ProjectionWrapper NONE = (name, base) -> base;

    /** @param name of the layer, without {@code .weight}: {@code model.layers.0.self_attn.q_proj} */
    Projection wrap(String name, Linear base);

    /** What stands in the place of a weight of the model, before linear layers are wrapped: itself, or an adapter's copy of it. */
    default Parameter replace(Parameter weight) {
        return weight;
    }
}
