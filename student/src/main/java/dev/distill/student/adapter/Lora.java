package dev.distill.student.adapter;

import dev.distill.student.layer.Linear;
import dev.distill.student.layer.Parameter;
import dev.distill.student.layer.Projection;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.model.WeightSource;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A LoRA adapter of one model (arXiv:2106.09685): two factors A {@code [R, I]} and B {@code [O, R]} for each targeted
 * linear layer, with DoRA (arXiv:2402.09353) the lengths of the changed weight's rows, and copies of whole modules. Owns their memory.
 *
 * <p>Give it to the decoder as the wrapper of its linear layers, over frozen weights.
 */
public final class Lora implements ProjectionWrapper, AutoCloseable {
    /** What PEFT puts before the name of the layer. */
    static final String PREFIX = "base_model.model.";

    private static final String WEIGHT = ".weight";
    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";
    private static final String M = ".lora_magnitude_vector";

    private final LoraConfig config;
    private final Arena arena = Arena.ofShared();
    private final Map<String, AdaptedLayer> layers = new LinkedHashMap<>();
    private final SavedModules saved;
    private final ModelWeights.Use use;

    private Lora(LoraConfig config, ModelConfig model, ModelWeights.Use use, Function<ParameterSpec, DType> copyType) {
        this.config = config;
        this.use = use;
        this.saved = new SavedModules(
                config,
                model,
                spec -> parameter(spec.name(), Tensor.allocate(arena, copyType.apply(spec), spec.dims())));
        List<ParameterSpec> linears = linears(model);
        requireAllTargetsFound(config, linears);
        for (ParameterSpec spec : linears) {
            String layer = layerOf(spec.name());
            if (config.targets(layer)) {
                layers.put(layer, allocate(layer, spec.dims()));
            }
        }
    }

    /**
     * A fresh adapter, to be trained: A uniform in ±1/sqrt(I), as PEFT starts it, B zero, lengths of rows those of the base, so that nothing
     * changes yet.
     *
     * @param base the weights that it will stand beside
     */
    public static Lora create(LoraConfig config, ModelWeights base, Ops ops) {
        LoraConfig resolved = forModel(config, base.config());
        Lora lora = new Lora(resolved, base.config(), ModelWeights.Use.TRAINED, trainedType(ops));
        lora.start();
        lora.layers.forEach((layer, adapted) ->
                adapted.startLengths(base.parameter(layer + WEIGHT).factor(), ops));
        lora.saved
                .copies()
                .forEach((name, copy) ->
                        ops.copy(copy.value(), base.parameter(name).floating()));
        return lora;
    }

    /** Refuses a config whose targets, or modules to save, this model has not; makes nothing. */
    public static void check(LoraConfig config, ModelConfig model) {
        SavedModules.specs(forModel(config, model), model);
        requireAllTargetsFound(config, linears(model));
    }

    /** All that a fresh adapter of this kind trains, named as PEFT names them, without making it. */
    public static List<ParameterSpec> specs(LoraConfig config, ModelConfig model) {
        List<ParameterSpec> specs = new ArrayList<>();
        for (ParameterSpec linear : linears(model)) {
            String layer = layerOf(linear.name());
            if (config.targets(layer)) {
                int rank = config.rank(layer);
                int outputs = linear.dims()[0];
                specs.add(new ParameterSpec(layer + A, List.of(rank, linear.dims()[1])));
                specs.add(new ParameterSpec(layer + B, List.of(outputs, rank)));
                if (config.dora()) {
                    specs.add(new ParameterSpec(layer + M, List.of(outputs)));
                }
            }
        }
        specs.addAll(SavedModules.specs(forModel(config, model), model));
        return specs.stream()
                .map(spec -> new ParameterSpec(PREFIX + spec.name(), spec.shape()))
                .toList();
    }

    /** A copy of an embedding that is the head too stays both. */
    private static LoraConfig forModel(LoraConfig config, ModelConfig model) {
        return config.withSaved(new LoraConfig.Saved(config.saved().modules(), model.tiedEmbeddings()));
    }

    /** A fresh adapter whose start does not depend on the base's weights: neither DoRA nor with copies of modules. */
    public static Lora create(LoraConfig config, ModelConfig model) {
        if (config.dora() || !config.saved().modules().isEmpty()) {
            throw new IllegalArgumentException(
                    "lora: DoRA, and copies of modules, start from the base's weights; give them too");
        }
        Lora lora = new Lora(config, model, ModelWeights.Use.TRAINED, spec -> DType.FLOAT);
        lora.start();
        return lora;
    }

    private static Function<ParameterSpec, DType> trainedType(Ops ops) {
        return spec -> ModelWeights.trainedType(spec, ops);
    }

    private void start() {
        Random random = new Random(config.seed()); // its numbers are fixed by specification, on every machine
        for (AdaptedLayer layer : layers.values()) {
            Tensor a_RI = layer.change().a_RI().value();
            double bound = 1 / Math.sqrt(a_RI.dim(1));
            for (long i = 0; i < a_RI.size(); i++) {
                a_RI.set(i, (float) (bound * (2 * random.nextDouble() - 1)));
            }
        }
    }

    /** {@link #load(LoraConfig, ModelConfig, WeightSource, Ops, ModelWeights.Use)} to be trained further. */
    public static Lora load(LoraConfig config, ModelConfig model, WeightSource source, Ops ops) throws IOException {
        return load(config, model, source, ops, ModelWeights.Use.TRAINED);
    }

    /**
     * An adapter from weights named as PEFT names them.
     *
     * @param use TRAINED to train it further; otherwise what follows from its weights alone is computed but once
     */
    public static Lora load(LoraConfig config, ModelConfig model, WeightSource source, Ops ops, ModelWeights.Use use)
            throws IOException {
        Function<ParameterSpec, DType> type = use == ModelWeights.Use.TRAINED ? trainedType(ops) : spec -> DType.FLOAT;
        Lora lora = new Lora(config, model, use, type);
        try {
            for (Parameter parameter : lora.parameters()) {
                Tensor stored = source.get(parameter.name());
                if (!Arrays.equals(stored.shape(), parameter.value().shape())) {
                    throw new IllegalArgumentException(parameter.name() + ": must be " + parameter.value()
                            + " by the adapter's rank and the model, got " + stored);
                }
                ops.copy(parameter.value(), stored);
            }
            return lora;
        } catch (IOException | RuntimeException e) {
            lora.close();
            throw e;
        }
    }

    public LoraConfig config() {
        return config;
    }

    /** All that it has for every targeted layer, and its copies of modules, named as PEFT names them. */
    public List<Parameter> parameters() {
        return Stream.concat(inLayers(), saved.copies().values().stream()).toList();
    }

    /** {@link #parameters()} as a file holds them: a copy that is embedding and head under both names. */
    public List<Parameter> stored() {
        return Stream.concat(inLayers(), saved.stored().stream()).toList();
    }

    private Stream<Parameter> inLayers() {
        return layers.values().stream().flatMap(layer -> layer.parameters().stream());
    }

    @Override
    public Parameter replace(Parameter weight) {
        return saved.instead(weight);
    }

    @Override
    public Projection wrap(String name, Linear base) {
        AdaptedLayer layer = layers.get(name);
        return layer == null ? base : layer.wrap(base, arena);
    }

    /**
     * The base's weights with the adapter merged in, computed in FLOAT. Every call of
     * {@code get} for a targeted layer makes a copy; the base stays as it is and must stay open.
     */
    public WeightSource merged(WeightSource base, Ops ops) {
        return new WeightSource() {
            @Override
            public Set<String> names() {
                return base.names();
            }

            @Override
            public Tensor get(String name) throws IOException {
                Parameter copy = saved.copies().get(name);
                if (copy != null) {
                    return copy.value();
                }
                AdaptedLayer layer = name.endsWith(WEIGHT) ? layers.get(layerOf(name)) : null;
                return layer == null ? base.get(name) : layer.merge(base.get(name), ops);
            }
        };
    }

    @Override
    public void close() {
        arena.close();
    }

    private AdaptedLayer allocate(String layer, int[] dims_OI) {
        int rank = config.rank(layer);
        LowRank change = new LowRank(
                parameter(layer + A, rank, dims_OI[1]),
                parameter(layer + B, dims_OI[0], rank).withRateFactor(config.plusRatio()),
                (float) config.scaling(layer));
        return new AdaptedLayer(change, config.dora() ? parameter(layer + M, dims_OI[0]) : null);
    }

    private Parameter parameter(String name, int... dims) {
        return parameter(name, Tensor.allocate(arena, DType.FLOAT, dims));
    }

    private Parameter parameter(String name, Tensor value) {
        return use == ModelWeights.Use.TRAINED
                ? Parameter.trained(PREFIX + name, value, arena)
                : Parameter.frozen(PREFIX + name, value);
    }

    private static List<ParameterSpec> linears(ModelConfig model) {
        return model.parameters().stream().filter(ParameterSpec::isLinear).toList();
    }

    private static void requireAllTargetsFound(LoraConfig config, List<ParameterSpec> linears) {
        List<String> layers = linears.stream().map(spec -> layerOf(spec.name())).toList();
        List<String> idle = config.targets().stream()
                .filter(target -> layers.stream().noneMatch(layer -> LoraConfig.matches(target, layer)))
                .toList();
        if (!idle.isEmpty()) {
            throw new IllegalArgumentException("lora: no linear layer of this model is called " + idle
                    + "; the first block has " + layers.subList(0, 7));
        }
    }

    private static String layerOf(String weight) {
        return weight.substring(0, weight.length() - WEIGHT.length());
    }
}
