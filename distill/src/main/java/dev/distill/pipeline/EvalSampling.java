package dev.distill.pipeline;

import dev.distill.eval.suite.Protocol;
import dev.distill.eval.suite.SuiteException;
import dev.distill.eval.suite.TaskFile;
import dev.distill.eval.task.Responder.Decoding;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How an evaluation samples: as a protocol has it, but for what the recipe says itself.
 *
 * @param protocol by which what is empty here follows from the task
 * @param seed of the sampling
 */
public record EvalSampling(
        Protocol protocol,
        OptionalInt samples,
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt topK,
        OptionalInt maxNewTokens,
        long seed) {
    private static final String STANDARD = "r1";

    static EvalSampling read(Section section) {
        return new EvalSampling(
                protocol(section),
                whole(section, "samples", 1, 4096),
                real(section, "temperature", 0, 10),
                real(section, "top-p", 0.001, 1),
                whole(section, "top-k", 0, 1_000_000),
                whole(section, "max-new-tokens", 1, 10_000_000),
                section.whole("seed", 0L, 0, Long.MAX_VALUE));
    }

    private static Protocol protocol(Section section) {
        String name = section.text("protocol", STANDARD);
        try {
            return Protocol.of(name);
        } catch (SuiteException e) {
            section.problem("protocol", String.join("; ", e.problems()));
            return Protocol.of(STANDARD);
        }
    }

    private static OptionalInt whole(Section section, String key, int least, int most) {
        return section.has(key) ? OptionalInt.of(section.whole(key, least, least, most)) : OptionalInt.empty();
    }

    private static OptionalDouble real(Section section, String key, double least, double most) {
        return section.has(key) ? OptionalDouble.of(section.real(key, least, least, most)) : OptionalDouble.empty();
    }

    /** The same way of decoding for every task. */
    public EvalSampling with(Decoding decoding) {
        return new EvalSampling(
                protocol,
                OptionalInt.of(decoding.samples()),
                OptionalDouble.of(decoding.temperature()),
                OptionalDouble.of(decoding.topP()),
                OptionalInt.of(decoding.topK()),
                OptionalInt.of(decoding.maxNewTokens()),
                decoding.seed());
    }

    /** The protocol, and which of its values the recipe has changed. */
    String title() {
        List<String> changed = new ArrayList<>();
        samples.ifPresent(_ -> changed.add("samples"));
        temperature.ifPresent(_ -> changed.add("temperature"));
        topP.ifPresent(_ -> changed.add("top-p"));
        topK.ifPresent(_ -> changed.add("top-k"));
        maxNewTokens.ifPresent(_ -> changed.add("max-new-tokens"));
        return changed.isEmpty()
                ? protocol.name()
                : protocol.name() + " but for the recipe's " + String.join(", ", changed);
    }

    /** Of probes, which nobody has set a number for: one answer each. */
    Decoding ofProbes() {
        return new Decoding(
                1,
                temperature.orElse(protocol.temperature()),
                topP.orElse(protocol.topP()),
                topK.orElse(protocol.topK()),
                maxNewTokens.orElse(protocol.maxNewTokens()),
                seed);
    }

    /** Of this task. Greedy answers are all the same, so that one is enough unless the recipe says how many. */
    Decoding of(TaskFile task) {
        Decoding usual = protocol.decoding(task, seed);
        double heat = temperature.orElse(usual.temperature());
        return new Decoding(
                samples.orElse(heat == 0 ? 1 : usual.samples()),
                heat,
                topP.orElse(usual.topP()),
                topK.orElse(usual.topK()),
                maxNewTokens.orElse(usual.maxNewTokens()),
                seed);
    }
}
