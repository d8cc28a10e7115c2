package dev.distill.student.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.layer.Parameter;
import dev.distill.student.model.CachedSequence;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.DecodingSession;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.TinyModels;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lengths of changed rows, of a DoRA that is still trained, in decoding: computed once while the weights stay, the same bits as at each step. */
final class DoraDecodingTest {
    private static final LoraConfig DORA =
            new LoraConfig(2, 4, false, List.of("q_proj", "mlp.down_proj"), 3).withDora(true);
    private static final int[] PROMPT = {1, 2, 3};
    private static final int STEPS = 4;

    /** Two layers of two blocks each; a row's lengths take three products: A Wᵀ, A Aᵀ and B G. */
    private static final int PRODUCTS_OF_LENGTHS = 4 * 3;

    private final AtomicInteger products = new AtomicInteger();
    private final Ops real = new CpuOps();
    private final Ops ops = (Ops) Proxy.newProxyInstance(
            Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("linear")) {
                    products.incrementAndGet();
                }
                return method.invoke(real, arguments);
            });

    private final ModelWeights source = TinyModels.weights(TinyModels.QWEN2, 1);
    private final ModelWeights weights;
    private final Lora adapter;
    private final Decoder model;

    DoraDecodingTest() throws IOException {
        weights = ModelWeights.load(TinyModels.QWEN2, source, ops, ModelWeights.Use.FROZEN);
        adapter = Lora.create(DORA, weights, ops);
        change(7);
        model = new Decoder(ops, weights, adapter, Decoder.Memory.KEEP);
    }

    @AfterEach
    void close() {
        model.close();
        adapter.close();
        weights.close();
        source.close();
        real.close();
    }

    private void change(long seed) {
        Random random = new Random(seed);
        for (Parameter parameter : adapter.parameters()) {
            for (long i = 0; i < parameter.value().size(); i++) {
                parameter.value().set(i, 1 + 0.3f * (float) random.nextGaussian());
            }
        }
    }

    /** The logits of a prompt and some steps. @param again whether lengths are computed anew for each */
    private List<float[]> logits(DecodingSession session, boolean again) {
        List<float[]> all = new ArrayList<>();
        CachedSequence sequence =
                session.prefill(PROMPT, PROMPT.length + STEPS, (o, logits) -> all.add(logits.toArray()));
        for (int step = 0; step < STEPS; step++) {
            if (again) {
                session.forgetWeights();
            }
            session.decode(new int[] {4 + step}, List.of(sequence), (o, first, logits) -> all.add(logits.toArray()));
        }
        session.release(sequence);
        return all;
    }

    @Test
    void lengthsAreComputedOnceAndHaveTheSameBits() {
        try (DecodingSession session = new DecodingSession(model, 2)) {
            products.set(0);
            List<float[]> each = logits(session, true);
            int often = products.getAndSet(0);
            session.forgetWeights();
            List<float[]> once = logits(session, false);
            assertThat(often - products.get()).isEqualTo(STEPS * PRODUCTS_OF_LENGTHS);
            assertThat(once).usingRecursiveComparison().isEqualTo(each);
        }
    }

    @Test
    void changedWeightsAreSeenOnceTheSessionIsTold() {
        try (DecodingSession session = new DecodingSession(model, 2);
                DecodingSession fresh = new DecodingSession(model, 2)) {
            List<float[]> before = logits(session, false);
            change(8);
            session.forgetWeights();
            List<float[]> after = logits(session, false);
            assertThat(after.getLast()).isNotEqualTo(before.getLast());
            assertThat(after).usingRecursiveComparison().isEqualTo(logits(fresh, false));
        }
    }
}
