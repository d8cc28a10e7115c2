package dev.distill.student.adapter;

import dev.distill.student.layer.Linear;
import dev.distill.student.layer.Parameter;
import dev.distill.student.layer.Projection;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.model.ModelConfig;
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

/**
 * A LoRA adapter of one model (arXiv:2106.09685): two factors A {@code [R, I]} and B {@code [O, R]} for each targeted
 * linear layer. Owns their memory.
 *
 * <p>Give it to the decoder as the wrapper of its linear layers, over frozen weights.
 */
public final class Lora implements ProjectionWrapper, AutoCloseable {
    /** What PEFT puts before the name of the layer. */
    private static final String PREFIX = "base_model.model.";

    private static final String WEIGHT = ".weight";

    private final LoraConfig config;
    private final Arena arena = Arena.ofShared();
    private final Map<String, Factors> factors = new LinkedHashMap<>();

    private record Factors(Parameter a_RI, Parameter b_OR) {}

    private Lora(LoraConfig config, ModelConfig model) {
        this.config = config;
        List<ParameterSpec> linears =
                model.parameters().stream().filter(ParameterSpec::isLinear).toList();
        for (ParameterSpec spec : linears) {
            String layer = layerOf(spec.name());
            if (config.targets(layer)) {
                factors.put(layer, allocate(layer, spec.dims()));
            }
        }
        requireAllTargetsFound(linears);
    }

    /** A fresh adapter, to be trained: A uniform in ±1/sqrt(I), as PEFT starts it, B zero, so that nothing changes yet. */
    public static Lora create(LoraConfig config, ModelConfig model) {
        Lora lora = new Lora(config, model);
        Random random = new Random(config.seed()); // its numbers are fixed by specification, on every machine
        for (Factors pair : lora.factors.values()) {
            Tensor a_RI = pair.a_RI.value();
            double bound = 1 / Math.sqrt(a_RI.dim(1));
            for (long i = 0; i < a_RI.size(); i++) {
                a_RI.set(i, (float) (bound * (2 * random.nextDouble() - 1)));
            }
        }
        return lora;
    }

    /** An adapter from weights named as PEFT names them; it can be trained further. */
    public static Lora load(LoraConfig config, ModelConfig model, WeightSource source, Ops ops) throws IOException {
        Lora lora = new Lora(config, model);
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

    /** Both factors of every targeted layer, named as PEFT names them. */
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        for (Factors pair : factors.values()) {
            all.add(pair.a_RI);
            all.add(pair.b_OR);
        }
        return all;
    }

    @Override
    public Projection wrap(String name, Linear base) {
        Factors pair = factors.get(name);
        return pair == null ? base : new LoraLinear(base, pair.a_RI, pair.b_OR, config.scaling());
    }

    /**
     * The base's weights with the adapter merged in: {@code W + scaling B A}, computed in FLOAT. Every call of
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
                Factors pair = name.endsWith(WEIGHT) ? factors.get(layerOf(name)) : null;
                return pair == null ? base.get(name) : merge(base.get(name), pair, ops);
            }
        };
    }

    @Override
    public void close() {
        arena.close();
    }

    private Tensor merge(Tensor w_OI, Factors pair, Ops ops) {
        Arena collected = Arena.ofAuto();
        Tensor b_OR = Tensor.allocate(collected, DType.FLOAT, pair.b_OR.value().shape());
        ops.copy(b_OR, pair.b_OR.value());
        ops.scale(b_OR, (float) config.scaling());
        Tensor merged_OI = Tensor.allocate(collected, DType.FLOAT, w_OI.shape());
        ops.copy(merged_OI, w_OI);
        ops.linearBackwardInput(merged_OI, b_OR, pair.a_RI.value(), 1); // merged += B A
        return merged_OI;
    }

    private Factors allocate(String layer, int[] dims_OI) {
        Tensor a_RI = Tensor.allocate(arena, DType.FLOAT, config.rank(), dims_OI[1]);
        Tensor b_OR = Tensor.allocate(arena, DType.FLOAT, dims_OI[0], config.rank());
        return new Factors(
                Parameter.trained(PREFIX + layer + ".lora_A.weight", a_RI, arena),
                Parameter.trained(PREFIX + layer + ".lora_B.weight", b_OR, arena));
    }

    private void requireAllTargetsFound(List<ParameterSpec> linears) {
        List<String> layers = linears.stream().map(spec -> layerOf(spec.name())).toList();
        List<String> idle = config.targets().stream()
                .filter(target -> layers.stream().noneMatch(layer -> LoraConfig.matches(target, layer)))
                .toList();
        if (!idle.isEmpty()) {
            arena.close();
            throw new IllegalArgumentException("lora: no linear layer of this model is called " + idle
                    + "; the first block has " + layers.subList(0, 7));
        }
    }

    private static String layerOf(String weight) {
        return weight.substring(0, weight.length() - WEIGHT.length());
    }
}
