package dev.distill.pipeline;

import dev.distill.data.tokenize.Tokenizer;
import dev.distill.hub.ModelSource;
import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.Family;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.Rope;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code student:} what is trained: a model folder, a GGUF file, a model of the hub, or a small Qwen2-style decoder from random weights.
 *
 * @param base a Hugging Face folder, a GGUF file, or a hub id; null for a student from random weights
 * @param baseId the base's id on the hub, for the card and for the adapter; null where it has none
 * @param shape of a student from random weights
 * @param licence of the base model, where its folder does not say
 * @param changes made to the base before it is trained
 */
public record StudentPart(
        @Nullable ModelSource base,
        @Nullable String baseId,
        Optional<Shape> shape,
        @Nullable String licence,
        Changes changes) {

    /**
     * What is other than in the base.
     *
     * @param ropeTheta base of the rotary frequencies; 0 for the base's
     * @param maxPositions the longest text; 0 for the base's
     * @param addTokens texts that become tokens of their own
     */
    public record Changes(double ropeTheta, int maxPositions, List<String> addTokens) {
        public Changes {
            addTokens = List.copyOf(addTokens);
        }

        boolean isNone() {
            return ropeTheta == 0 && maxPositions == 0 && addTokens.isEmpty();
        }

        /** Whether an adapter alone, beside the base as it was, would compute something else. */
        boolean adapterNeedsThem() {
            return ropeTheta != 0 || !addTokens.isEmpty();
        }

        private static Changes read(Section section) {
            return new Changes(
                    section.real("rope-theta", 0, 0, 1e12),
                    section.whole("max-positions", 0, 0, 100_000_000),
                    section.words("add-tokens", List.of()));
        }
    }

    /**
     * A decoder from nothing. Its tokenizer, a byte-level BPE, is trained on the traces.
     *
     * @param vocabulary tokens at most
     * @param initDeviation standard deviation of the matrices
     */
    public record Shape(
            int layers,
            int width,
            int heads,
            int kvHeads,
            int mlpWidth,
            int vocabulary,
            double ropeTheta,
            double initDeviation,
            int maxPositions) {
        /** A Qwen2-style decoder with tied embeddings, for this tokenizer. */
        ModelConfig config(Tokenizer tokenizer) {
            int endOfTurn = tokenizer.id(ScratchTokenizer.END_OF_TURN).orElseThrow();
            return config(tokenizer.vocabularySize(), List.of(endOfTurn));
        }

        /** The same before there is a tokenizer, whose vocabulary is as large as it may be. */
        ModelConfig config() {
            return config(vocabulary, List.of());
        }

        private ModelConfig config(int tokens, List<Integer> ends) {
            return new ModelConfig(
                    new Family.Qwen2(),
                    tokens,
                    width,
                    layers,
                    new AttentionShape(heads, kvHeads, width / heads, true, false, false),
                    mlpWidth,
                    Rope.of(ropeTheta),
                    1e-6,
                    true,
                    maxPositions,
                    ends);
        }
    }

    /** The base's folder on this disk, where a hub's model lies once {@link BaseModel} has fetched it; null without a base. */
    @Nullable
    Path folder() {
        return switch (base) {
            case null -> null;
            case ModelSource.Local local -> local.path();
            case ModelSource.Missing missing -> missing.path();
            case ModelSource.OnHub hub ->
                throw new IllegalStateException("student.base: " + hub.id() + " must be fetched before a stage begins");
        };
    }

    /** The same student, its base in this folder. */
    StudentPart in(Path folder) {
        return new StudentPart(new ModelSource.Local(folder), baseId, shape, licence, changes);
    }

    static StudentPart read(Section section) {
        ModelSource base = section.model("base");
        String baseId = base instanceof ModelSource.OnHub hub
                ? section.text("base-id", hub.id().repository())
                : section.text("base-id");
        String licence = section.text("licence");
        boolean shaped = section.has("shape");
        Section keys = section.section("shape");
        if (shaped == (base != null)) {
            section.problem(
                    "base",
                    "give either a model, a folder or a hub id (base), or the shape of a student from random weights"
                            + " (shape)");
        }
        Changes changes = Changes.read(section);
        if (shaped && !changes.isNone()) {
            section.problem(
                    "shape",
                    "rope-theta, max-positions and add-tokens change a base; say shape.rope-theta and shape.max-positions here");
        }
        StudentPart part =
                new StudentPart(base, baseId, shaped ? Optional.of(shape(keys)) : Optional.empty(), licence, changes);
        keys.done();
        section.done();
        return part;
    }

    private static Shape shape(Section keys) {
        Shape shape = new Shape(
                keys.whole("layers", 4, 1, 1000),
                keys.whole("width", 128, 8, 65_536),
                keys.whole("heads", 4, 1, 1024),
                keys.whole("kv-heads", 2, 1, 1024),
                keys.whole("mlp-width", 384, 8, 1_000_000),
                keys.whole("vocabulary", 512, 261, 1_000_000),
                keys.real("rope-theta", 10_000, 1, 1e9),
                keys.real("init-deviation", 0.02, 1e-6, 1),
                keys.whole("max-positions", 1024, 16, 1_000_000));
        if (shape.width % (2 * shape.heads) != 0 || shape.heads % shape.kvHeads != 0) {
            keys.problem(
                    "heads",
                    "the width must be an even multiple of heads, and heads a multiple of kv-heads; got " + shape.width
                            + ", " + shape.heads + " and " + shape.kvHeads);
        }
        return shape;
    }
}
