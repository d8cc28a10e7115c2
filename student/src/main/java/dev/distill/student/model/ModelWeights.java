package dev.distill.student.model;

import dev.distill.student.layer.Parameter;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.MappedMemory;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All weights of a decoder, by Hugging Face's names: trained ones in FLOAT or SPLIT with their gradients, frozen ones in the type that
 * products multiply. Owns their memory.
 */
public final class ModelWeights implements WeightSource, AutoCloseable {
    /** What AdamW remembers of a number: two moments. */
    private static final long ADAMW_BYTES = 2 * Float.BYTES;

    /** What GPT-2 and Qwen2 begin with. A much smaller model wants larger weights. */
    public static final double STANDARD_DEVIATION = 0.02;

    /** Buffers that old checkpoints carry and that the config already says. */
    private static final String DERIVED = "rotary_emb.inv_freq";

    private final ModelConfig config;
    private final Use use;
    private final Set<String> frozen; // of weights that are else trained
    private final Arena arena = Arena.ofShared();
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private @Nullable DType preparedFor; // the type of activations

    private ModelWeights(ModelConfig config, Use use, Set<String> frozen) {
        this.config = config;
        this.use = use;
        this.frozen = frozen;
    }

    /** What becomes of weights that are loaded. */
    public enum Use {
        /** They get gradients, and memory of their own. */
        TRAINED,
        /**
         * They stay as they are. Those that have the type that is multiplied are used where they lie, so the source must stay open; the others
         * are copied to it.
         */
        FROZEN,
        /**
         * As FROZEN, but the matrices of linear layers inside the blocks are rounded to NF4, for an adapter to be trained on them (QLoRA,
         * arXiv:2305.14314).
         */
        FOUR_BITS,
        /** As FROZEN, and gradients are asked of nothing: eight-bit weights may lie as products of inputs alone read them. */
        INFERENCE
    }

    /** Takes a model's weights from a source; missing, superfluous and misshapen ones are reported all at once. */
    public static ModelWeights load(ModelConfig config, WeightSource source, Ops ops, Use use) throws IOException {
        if (use == Use.TRAINED) {
            return trained(config, source, ops, Set.of(), spec -> ADAMW_BYTES * spec.size());
        }
        return load(config, source, ops, use, Set.of());
    }

    /**
     * The same weights to be trained but for some, which are FROZEN: the source must stay open.
     *
     * @param frozen their names
     * @param moments bytes that the optimizer will remember of one weight
     * @throws IllegalArgumentException if they do not fit into memory with their gradients and moments
     */
    public static ModelWeights trained(
            ModelConfig config, WeightSource source, Ops ops, Set<String> frozen, ToLongFunction<ParameterSpec> moments)
            throws IOException {
        WeightMemory.requireTrained(config, ops.compute(), frozen, moments);
        return load(config, source, ops, Use.TRAINED, frozen);
    }

    private static ModelWeights load(ModelConfig config, WeightSource source, Ops ops, Use use, Set<String> frozen)
            throws IOException {
        if (use == Use.FOUR_BITS && ops.compute() == Compute.INT8) {
            throw new IllegalArgumentException("weights: those in NF4 are multiplied in BFLOAT16 or FLOAT, not in INT8;"
                    + " compute in one of these, or train the adapter on weights that are not rounded to four bits");
        }
        ModelWeights weights = new ModelWeights(config, use, frozen);
        try {
            weights.checkNames(source.names());
            if (use != Use.TRAINED) {
                WeightMemory.require(config, ops.compute(), use, weights.fourBits(source, ops));
            }
            Problems problems = new Problems("weights");
            for (ParameterSpec spec : config.parameters()) {
                int[] shape = weights.take(spec, source, ops);
                if (!Arrays.equals(shape, spec.dims())) {
                    problems.add(
                            spec.name() + " must be " + spec.shape() + " by the config, got " + Arrays.toString(shape));
                }
            }
            problems.throwIfAny();
            return weights;
        } catch (IOException | RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** {@link #random(ModelConfig, double, long)} with the usual deviation. */
    public static ModelWeights random(ModelConfig config, long seed) {
        return random(config, STANDARD_DEVIATION, seed);
    }

    /**
     * Weights to train from nothing: matrices normal with this deviation, norms one, biases zero; the two projections
     * that write into the residual stream are divided by sqrt(2 L), as GPT-2's (Radford et al. 2019, section 2.3).
     */
    public static ModelWeights random(ModelConfig config, double standardDeviation, long seed) {
        ModelWeights weights = new ModelWeights(config, Use.TRAINED, Set.of());
        Random random = new Random(seed); // its normal deviates are fixed by specification, on every machine
        for (ParameterSpec spec : config.parameters()) {
            Tensor value = Tensor.allocate(weights.arena, DType.FLOAT, spec.dims());
            boolean residual =
                    spec.name().endsWith("o_proj.weight") || spec.name().endsWith("down_proj.weight");
            double deviation = standardDeviation / (residual ? Math.sqrt(2.0 * config.layers()) : 1);
            for (long i = 0; i < value.size(); i++) {
                if (value.rank() == 2) {
                    value.set(i, (float) (deviation * random.nextGaussian()));
                } else {
                    value.set(i, spec.name().endsWith(".bias") ? 0 : 1);
                }
            }
            weights.parameters.put(spec.name(), Parameter.trained(spec.name(), value, weights.arena));
        }
        return weights;
    }

    public ModelConfig config() {
        return config;
    }

    /** The weight of this name, which the config must have. */
    public Parameter parameter(String name) {
        Parameter parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("weights: this model has no " + name);
        }
        return parameter;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(parameters.keySet());
    }

    @Override
    public Tensor get(String name) {
        return parameter(name).value();
    }

    @Override
    public void close() {
        arena.close();
    }

    /** Linear weights that stay in four bits. */
    private Set<String> fourBits(WeightSource source, Ops ops) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        for (ParameterSpec spec : config.parameters()) {
            if (fourBits(spec, source, ops).isPresent()) {
                names.add(spec.name());
            }
        }
        return names;
    }

    private Optional<FourBits> fourBits(ParameterSpec spec, WeightSource source, Ops ops) throws IOException {
        boolean wanted = use == Use.INFERENCE && spec.isLinear() && ops.takesNibbles();
        return wanted ? source.fourBits(spec.name()) : Optional.empty();
    }

    /** Takes a weight, if it has the shape that it must have. @return the shape that it has */
    private int[] take(ParameterSpec spec, WeightSource source, Ops ops) throws IOException {
        Optional<FourBits> fourBits = fourBits(spec, source, ops);
        if (fourBits.isPresent()) {
            takeFourBits(spec, fourBits.get(), ops);
            return fourBits.get().shape();
        }
        Tensor stored = source.get(spec.name());
        if (Arrays.equals(stored.shape(), spec.dims())) {
            take(spec, stored, ops);
        }
        return stored.shape();
    }

    /** As it is stored: four bits are read twice as fast as eight, and rounded once less. */
    private void takeFourBits(ParameterSpec spec, FourBits stored, Ops ops) {
        if (Arrays.equals(stored.shape(), spec.dims())) {
            Tensor value = Tensor.allocateNibbles(arena, stored.shape()[0], stored.shape()[1]);
            ops.pack(value, stored.blocks());
            MappedMemory.forget(stored.blocks());
            parameters.put(spec.name(), Parameter.frozen(spec.name(), value));
        }
    }

    private void take(ParameterSpec spec, Tensor stored, Ops ops) {
        Parameter parameter = use == Use.TRAINED && !frozen.contains(spec.name())
                ? Parameter.trained(spec.name(), ownCopy(spec, stored, trainedType(spec, ops), ops), arena)
                : Parameter.frozen(spec.name(), frozen(spec, stored, ops));
        if (!parameter.isTrained() && spec.name().equals(config.head()) && ops.compute() == Compute.INT8) {
            parameter = parameter.withEightBits(copy(spec, parameter.floating(), bytes(ops), ops));
            MappedMemory.forget(parameter.floating().segment()); // tied, its rows are looked up one by one from now on
        }
        parameters.put(spec.name(), parameter);
    }

    /** What products multiply of this weight. */
    private DType factorType(ParameterSpec spec, Ops ops) {
        if (!spec.isMatrix()) {
            return DType.FLOAT;
        }
        if (use == Use.FOUR_BITS && spec.isLinear()) {
            return DType.NF4;
        }
        return spec.isLinear() && ops.compute() == Compute.INT8 ? bytes(ops) : ops.activations();
    }

    private DType bytes(Ops ops) {
        return use == Use.INFERENCE ? ops.inferenceBytes() : DType.INT8;
    }

    /** What a trained weight is kept in: so that products of BFLOAT16 find their factor in it. */
    public static DType trainedType(ParameterSpec spec, Ops ops) {
        return spec.isMatrix() && ops.activations() == DType.BFLOAT16 ? DType.SPLIT : DType.FLOAT;
    }

    /** In the type that products multiply, where it lies if it has that type. */
    private Tensor frozen(ParameterSpec spec, Tensor stored, Ops ops) {
        DType type = factorType(spec, ops);
        boolean widened = type == DType.FLOAT && stored.type() == DType.BFLOAT16 && spec.isMatrix();
        if (stored.type() == type || (widened && !WeightMemory.fitsWidened(config))) {
            return stored; // a product widens what it multiplies: slower, the same numbers
        }
        return ownCopy(spec, stored, type, ops);
    }

    /** A copy in the place of what is stored, which nothing reads again. */
    private Tensor ownCopy(ParameterSpec spec, Tensor stored, DType type, Ops ops) {
        Tensor copy = copy(spec, stored, type, ops);
        MappedMemory.forget(stored.segment());
        return copy;
    }

    private Tensor copy(ParameterSpec spec, Tensor stored, DType type, Ops ops) {
        int[] dims = spec.dims();
        Tensor value = switch (type) {
            case INT8 -> Tensor.allocateQuantized(arena, dims[0], dims[1]);
            case PACKED -> Tensor.allocatePacked(arena, dims[0], dims[1]);
            case NF4 -> Tensor.allocateNormalFloats(arena, dims[0], dims[1]);
            case FLOAT, BFLOAT16, SPLIT, NIBBLES, DYNAMIC, UNSIGNED_DYNAMIC -> Tensor.allocate(arena, type, dims);
        };
        ops.copy(value, stored);
        return value;
    }

    /**
     * Brings trained matrices that were made in FLOAT into the type that these operations train, and gives those that they multiply in INT8
     * a copy for it, the output head among them; to be called before the weights are used.
     */
    void prepareFor(Ops ops) {
        boolean trained = parameters.values().stream().anyMatch(Parameter::isTrained);
        if (trained && preparedFor != null && preparedFor != ops.activations()) {
            throw new IllegalStateException("weights: these are trained with activations in " + preparedFor
                    + " and cannot be computed with in " + ops.activations() + "; load them again for that");
        }
        preparedFor = ops.activations();
        for (ParameterSpec spec : config.parameters()) {
            Parameter parameter = parameter(spec.name());
            DType type = trainedType(spec, ops);
            if (parameter.isTrained() && parameter.value().type() == DType.FLOAT && type != DType.FLOAT) {
                parameter = parameter.withValue(inPlace(type, parameter.value(), ops));
            }
            boolean multiplied =
                    parameter.isTrained() && spec.isLinear() || spec.name().equals(config.head());
            if (multiplied && ops.compute() == Compute.INT8 && parameter.eightBits() == null) {
                parameter = parameter.withEightBits(copy(spec, parameter.floating(), bytes(ops), ops));
            }
            parameters.put(spec.name(), parameter);
        }
    }

    /** The same numbers in another type of the same size, where they lie. */
    private static Tensor inPlace(DType type, Tensor value, Ops ops) {
        Tensor converted = Tensor.of(value.segment(), type, value.shape());
        try (Arena brief = Arena.ofShared()) {
            Tensor before = Tensor.allocate(brief, value.type(), value.shape());
            ops.copy(before, value);
            ops.copy(converted, before);
        }
        return converted;
    }

    private void checkNames(Set<String> stored) {
        Set<String> missing = new LinkedHashSet<>();
        config.parameters().forEach(spec -> missing.add(spec.name()));
        Set<String> superfluous = new LinkedHashSet<>(stored);
        superfluous.removeAll(missing);
        superfluous.removeIf(name -> name.endsWith(DERIVED));
        if (config.tiedEmbeddings()) {
            superfluous.remove(ModelConfig.HEAD); // some writers store the tied matrix twice
        }
        missing.removeAll(stored);
        Problems problems = new Problems("weights");
        problems.check(missing.isEmpty(), "missing %s", missing);
        problems.check(superfluous.isEmpty(), "not part of this model %s", superfluous);
        problems.throwIfAny();
    }
}
