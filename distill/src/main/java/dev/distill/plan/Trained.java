package dev.distill.plan;

import dev.distill.student.adapter.LoraConfig;
import java.util.Set;

/** What of a model is trained. */
public sealed interface Trained {

    /** All of its weights but these. @param frozen their names, as Hugging Face has them */
    record Weights(Set<String> frozen) implements Trained {
        /** Every single one. */
        public static final Weights ALL = new Weights(Set.of());

        public Weights {
            frozen = Set.copyOf(frozen);
        }
    }

    /** Factors beside its linear layers. @param fourBits whether the matrices of these lie in NF4 (QLoRA) */
    record Adapter(LoraConfig lora, boolean fourBits) implements Trained {}
}
