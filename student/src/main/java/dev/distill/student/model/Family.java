package dev.distill.student.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A line of published models, as far as it differs from its neighbours: which of the decoder's options it uses and how
 * its {@code config.json} spells them.
 *
 * <p>There is one {@link Decoder}; a family describes, it computes nothing. All families here share Hugging Face's
 * weight names, which are therefore ours too (see {@link ParameterSpec}).
 */
public sealed interface Family {

    /** The {@code model_type} of Hugging Face's {@code config.json}. */
    String modelType();

    /** The class that Hugging Face's tools load it with: {@code architectures} in {@code config.json}. */
    String architecture();

    /** What the family's attention looks like, given the counts that {@code config.json} states. */
    AttentionShape attention(JsonNode config, int heads, int kvHeads, int headWidth);

    /** The head width where {@code config.json} has no {@code head_dim}. */
    default int defaultHeadWidth(int width, int heads) {
        return heads > 0 ? width / heads : 0;
    }

    /** All families, in the order in which messages list them. */
    List<Family> ALL = List.of(new Qwen2(), new Qwen3(), new Llama(), new Mistral());

    /** Qwen 2 and 2.5, and DeepSeek-R1's Qwen distillations up to 32B: biases on q, k and v, none on o. */
    record Qwen2() implements Family {
        @Override
        public String modelType() {
            return "qwen2";
        }

        @Override
        public String architecture() {
            return "Qwen2ForCausalLM";
        }

        @Override
        public AttentionShape attention(JsonNode config, int heads, int kvHeads, int headWidth) {
            return new AttentionShape(heads, kvHeads, headWidth, true, false, false);
        }
    }

    /** Qwen 3, dense: RMS norms over the heads of q and k, a head width of its own. */
    record Qwen3() implements Family {
        @Override
        public String modelType() {
            return "qwen3";
        }

        @Override
        public String architecture() {
            return "Qwen3ForCausalLM";
        }

        @Override
        public AttentionShape attention(JsonNode config, int heads, int kvHeads, int headWidth) {
            boolean bias = config.path("attention_bias").asBoolean(false);
            return new AttentionShape(heads, kvHeads, headWidth, bias, bias, true);
        }

        /** Transformers' default for this family, whatever the width. */
        @Override
        public int defaultHeadWidth(int width, int heads) {
            return 128;
        }
    }

    /** Llama 2 and 3.x, SmolLM2, TinyLlama, DeepSeek-R1's Llama distillations. */
    record Llama() implements Family {
        @Override
        public String modelType() {
            return "llama";
        }

        @Override
        public String architecture() {
            return "LlamaForCausalLM";
        }

        @Override
        public AttentionShape attention(JsonNode config, int heads, int kvHeads, int headWidth) {
            boolean bias = config.path("attention_bias").asBoolean(false);
            return new AttentionShape(heads, kvHeads, headWidth, bias, bias, false);
        }
    }

    /** Mistral's dense models without a sliding window (7B from v0.2 on). */
    record Mistral() implements Family {
        @Override
        public String modelType() {
            return "mistral";
        }

        @Override
        public String architecture() {
            return "MistralForCausalLM";
        }

        @Override
        public AttentionShape attention(JsonNode config, int heads, int kvHeads, int headWidth) {
            return new AttentionShape(heads, kvHeads, headWidth, false, false, false);
        }
    }
}
