package dev.distill.student.adapter;

import dev.distill.student.layer.Parameter;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ParameterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies of whole modules that an adapter brings along in place of the base's: PEFT's {@code modules_to_save}. An embedding that is the head
 * too stays one matrix, which PEFT's files hold under both names.
 */
final class SavedModules {
    private static final String EMBEDDING = "model.embed_tokens";
    private static final String HEAD = "lm_head";
    private static final String HEAD_WEIGHT = HEAD + ".weight";

    private final Map<String, Parameter> copies = new LinkedHashMap<>();
    private final @Nullable Parameter alias;

    /** @param copy allocates the copy of a weight, by Hugging Face's name */
    SavedModules(LoraConfig config, ModelConfig model, Function<ParameterSpec, Parameter> copy) {
        List<ParameterSpec> specs = specs(config, model);
        specs.forEach(spec -> copies.put(spec.name(), copy.apply(spec)));
        Parameter embedding = copies.get(EMBEDDING + ".weight");
        alias = model.tiedEmbeddings() && embedding != null
                ? Parameter.frozen(Lora.PREFIX + HEAD_WEIGHT, embedding.value())
                : null;
    }

    /** The weights that are meant; what cannot be meant is refused. */
    static List<ParameterSpec> specs(LoraConfig config, ModelConfig model) {
        List<String> modules = config.saved().modules();
        List<ParameterSpec> specs = model.parameters().stream()
                .filter(spec -> config.saved().means(module(spec)))
                .toList();
        List<String> problems = new ArrayList<>();
        boolean head = modules.stream().anyMatch(HEAD::endsWith);
        boolean embedding = modules.stream().anyMatch(EMBEDDING::endsWith);
        modules.stream()
                .filter(target -> model.parameters().stream()
                        .noneMatch(spec -> module(spec).endsWith(target)))
                .filter(target -> !HEAD.endsWith(target))
                .forEach(target -> problems.add("no module of this model ends in '" + target + "'; it has "
                        + String.join(", ", endings(model))));
        if (model.tiedEmbeddings() && head && !embedding) {
            problems.add("the head of this model is its embedding; say embed_tokens, which is both");
        }
        if (model.tiedEmbeddings() && embedding && !config.saved().tied()) {
            problems.add(
                    "the embedding of this model is its head too, and without ensure_weight_tying PEFT trains a copy"
                            + " of one beside the other, which is no model of this kind any more; train with it");
        }
        specs.stream()
                .map(SavedModules::module)
                .filter(module ->
                        module.startsWith("model.layers.") && config.targets(module) && isLinear(module, model))
                .forEach(module -> problems.add(module + " is a target already"));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("lora: modules to save: " + String.join("; ", problems));
        }
        return specs;
    }

    private static boolean isLinear(String module, ModelConfig model) {
        return model.parameters().stream()
                .anyMatch(spec -> spec.isLinear() && module(spec).equals(module));
    }

    /** The last parts of all modules' names. */
    private static List<String> endings(ModelConfig model) {
        return Stream.concat(model.parameters().stream().map(SavedModules::module), Stream.of(HEAD))
                .map(module -> module.substring(module.lastIndexOf('.') + 1))
                .distinct()
                .toList();
    }

    private static String module(ParameterSpec spec) {
        return spec.name().substring(0, spec.name().lastIndexOf('.'));
    }

    boolean isEmpty() {
        return copies.isEmpty();
    }

    /** Copies by Hugging Face's names. */
    Map<String, Parameter> copies() {
        return copies;
    }

    /** What stands in the place of this weight: itself where there is no copy. */
    Parameter instead(Parameter weight) {
        return copies.getOrDefault(weight.name(), weight);
    }

    /** The copies as a file holds them, a tied one twice. */
    List<Parameter> stored() {
        List<Parameter> all = new ArrayList<>(copies.values());
        if (alias != null) {
            all.add(alias);
        }
        return all;
    }
}
