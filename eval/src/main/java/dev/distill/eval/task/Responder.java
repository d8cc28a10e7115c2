package dev.distill.eval.task;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whatever is scored: a student in this process, an endpoint, or a file of answers made elsewhere. */
public interface Responder {
    /** Its name in reports. */
    String name();

    /**
     * What, beside prompt and decoding, decides its answers: weights, adapter, template. Responses that were given under
     * another fingerprint are asked for again.
     */
    String fingerprint();

    /** How it answers this task, for reports: as the task has it, unless its answers were made elsewhere. */
    default Conditions conditions(Task task) {
        return Conditions.of(task);
    }

    /**
     * Answers every prompt {@code decoding.samples()} times and hands each response over as soon as it is there, in any
     * order. Called on one thread at a time.
     */
    void respond(List<Prompt> prompts, Decoding decoding, Consumer<Response> sink);

    /**
     * What of one prompt has no answer yet.
     *
     * @param samples numbers from 0, in their order
     */
    record Missing(Prompt prompt, List<Integer> samples) {
        public Missing {
            samples = List.copyOf(samples);
        }
    }

    /**
     * The same for single samples. Who cannot give one without the others gives all of its prompt: what nobody has asked for is not kept.
     */
    default void respondMissing(List<Missing> missing, Decoding decoding, Consumer<Response> sink) {
        respond(missing.stream().map(Missing::prompt).toList(), decoding, sink);
    }

    /**
     * How to sample.
     *
     * @param samples responses a prompt
     * @param temperature 0 is greedy
     * @param topP nucleus, 1 is off
     * @param topK the likeliest tokens only, 0 is off
     * @param maxNewTokens tokens of reasoning and answer together
     * @param seed the same seed, prompt and sample number give the same text
     */
    record Decoding(int samples, double temperature, double topP, int topK, int maxNewTokens, long seed) {
        public static Decoding greedy(int maxNewTokens) {
            return new Decoding(1, 0, 1, 0, maxNewTokens, 0);
        }
    }

    /**
     * One answer.
     *
     * @param usage tokens, where they are known
     * @param seconds that it took: of an API from the request to the last token; of a model in this process its share of the clock, of which each moment counts in equal
     *     parts for all answers that are being written; 0 where nobody measured
     * @param cost what was paid for it; null where nothing was, or nobody knows
     * @param error null, or why there is no answer through no fault of the model (network, server): never counted as wrong
     */
    record Response(
            String promptId,
            int sample,
            @Nullable String reasoning,
            String answer,
            FinishReason finish,
            Usage usage,
            double seconds,
            @Nullable Money cost,
            @Nullable String error) {
        /** With its question, as verifiers and the filters of curation look at it; times and verdicts are none. */
        public Trace trace(Question question) {
            return new Trace(
                    promptId + "-" + sample,
                    promptId,
                    sample,
                    question.prompt().messages(),
                    reasoning,
                    answer,
                    answer,
                    finish,
                    question.prompt().reference(),
                    question.prompt().source(),
                    "",
                    Collections.emptySortedMap(),
                    usage,
                    cost == null ? Money.zero("USD") : cost,
                    1,
                    Instant.EPOCH,
                    List.of());
        }
    }
}
