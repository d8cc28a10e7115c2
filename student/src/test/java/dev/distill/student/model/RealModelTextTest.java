package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import dev.distill.student.generate.TokenListener;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Greedy texts of SmolLM2-135M and Qwen2.5-Coder-0.5B in FLOAT, against those of transformers in float32 after the same ids. Python writes its
 * texts when the test runs, see {@link Peers} and src/test/python/real_text.py, where the prompts are; ten minutes and at most 4 GB on two cores
 * that have nothing else to do.
 */
@Tag("slow")
final class RealModelTextTest {
    private static final int PROMPTS = 20;
    private static final int NEW_TOKENS = 64;

    /**
     * Two tokens tie whose logits in transformers are closer than this. Rounding moves a logit of ours by a tenth of it at most (2.2e-6 of the
     * largest, docs/log.md), so that another choice at a greater distance is a mistake.
     */
    private static final double TIE = 1e-3;

    private static final int SLOTS = 8;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"smollm2-135m", "qwen2.5-0.5b"})
    void greedyTextsAreThoseOfTransformersAloneAndTogether(String name) throws Exception {
        Path model = Peers.model(name);
        List<PeerText> expected = expected(model);
        assertThat(expected).hasSize(PROMPTS);
        int positions =
                expected.stream().mapToInt(text -> text.prompt().length).max().orElseThrow() + NEW_TOKENS;
        try (StoredWeights stored = StoredWeights.open(model);
                Ops ops = new CpuOps();
                ModelWeights weights = ModelWeights.load(stored.config(), stored, ops, ModelWeights.Use.INFERENCE);
                Decoder decoder = new Decoder(ops, weights);
                Generator one = new Generator(decoder, 1, positions);
                Generator many = new Generator(decoder, SLOTS, positions)) {
            List<int[]> alone = new ArrayList<>();
            int ties = 0;
            for (int row = 0; row < PROMPTS; row++) {
                int[] ours = write(one, row, expected.get(row).prompt(), NEW_TOKENS);
                alone.add(ours);
                ties += ties(one, row, expected.get(row), ours);
            }
            int close = expected.stream().mapToInt(PeerText::close).sum();
            System.out.printf(
                    "%s: %d texts of %d tokens; %d choices closer than %s, of which %d went the other way%n",
                    name, PROMPTS, NEW_TOKENS, close, TIE, ties);
            assertTogether(many, expected, alone);
        }
    }

    /** All at once, in fewer slots than there are texts: what each gives alone. */
    private static void assertTogether(Generator many, List<PeerText> expected, List<int[]> alone) {
        List<GenerationRequest> requests = IntStream.range(0, PROMPTS)
                .mapToObj(row -> request(row, expected.get(row).prompt(), NEW_TOKENS))
                .toList();
        List<Generation> together = many.generate(requests, TokenListener.NONE);
        for (int row = 0; row < PROMPTS; row++) {
            assertThat(together.get(row).ids()).as("text %d of the batch", row).isEqualTo(alone.get(row));
        }
    }

    /**
     * Follows a text to its end. Where the ids part at a tie, we go on after the peer's choice, so that what comes behind is compared too.
     *
     * @param ours the ids after the prompt alone
     * @return how many ties were met
     */
    private static int ties(Generator one, int row, PeerText expected, int[] ours) {
        int ties = 0;
        int from = 0; // ours continues the prompt and so many of the peer's ids
        int[] theirs = expected.ids();
        assertThat(theirs).hasSize(NEW_TOKENS);
        while (true) {
            int at = Arrays.mismatch(ours, Arrays.copyOfRange(theirs, from, NEW_TOKENS));
            if (at < 0) {
                return ties;
            }
            int parted = from + at;
            double apart = expected.behindTheBest(parted, ours[at]);
            System.out.printf("text %d, token %d: ours is %g behind the peer's%n", row, parted, apart);
            assertThat(apart)
                    .as(
                            "text %d, token %d: we chose %d, the peer %d, whose logit is greater by",
                            row, parted, ours[at], theirs[parted])
                    .isLessThan(TIE);
            ties++;
            from = parted + 1;
            if (from == NEW_TOKENS) {
                return ties;
            }
            ours = write(one, row, expected.before(from), NEW_TOKENS - from);
        }
    }

    private static int[] write(Generator one, int row, int[] prompt, int newTokens) {
        return one.generate(List.of(request(row, prompt, newTokens)), TokenListener.NONE)
                .getFirst()
                .ids();
    }

    private static GenerationRequest request(int row, int[] prompt, int newTokens) {
        return new GenerationRequest(row, prompt, Sampling.GREEDY, 0, newTokens, Set.of());
    }

    private List<PeerText> expected(Path model) throws IOException, InterruptedException {
        ObjectMapper json = new ObjectMapper();
        Peers.run(
                "real_text.py",
                folder,
                json.createObjectNode().put("model", model.toString()).put("new_tokens", NEW_TOKENS));
        List<PeerText> texts = new ArrayList<>();
        for (JsonNode text : json.readTree(folder.resolve("texts.json").toFile())) {
            texts.add(new PeerText(text));
        }
        return texts;
    }

    /** A prompt, what transformers wrote after it, and the likeliest tokens at each of its choices. */
    private record PeerText(JsonNode json) {
        int[] prompt() {
            return Fixture.ids(json.get("prompt"));
        }

        int[] ids() {
            return Fixture.ids(json.get("ids"));
        }

        /** What stands before token {@code at} of the text. */
        int[] before(int at) {
            return IntStream.concat(
                            Arrays.stream(prompt()), Arrays.stream(ids()).limit(at))
                    .toArray();
        }

        /** Choices between two tokens that tie. */
        int close() {
            return (int) IntStream.range(0, ids().length)
                    .mapToObj(at -> Fixture.numbers(json.get("top_logits").get(at)))
                    .filter(logits -> logits[0] - logits[1] < TIE)
                    .count();
        }

        /** By how much an id's logit is less than the greatest at a choice; infinity for one that is not among the likeliest. */
        double behindTheBest(int at, int id) {
            int[] ids = Fixture.ids(json.get("top_ids").get(at));
            double[] logits = Fixture.numbers(json.get("top_logits").get(at));
            int rank = IntStream.range(0, ids.length)
                    .filter(i -> ids[i] == id)
                    .findFirst()
                    .orElse(-1);
            return rank < 0 ? Double.POSITIVE_INFINITY : logits[0] - logits[rank];
        }
    }
}
