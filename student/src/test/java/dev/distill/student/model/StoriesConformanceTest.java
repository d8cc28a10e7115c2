package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import dev.distill.student.generate.TokenListener;
import dev.distill.student.ops.Ops;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A trained model of 260,000 weights tells the story that its own program tells. */
@Tag("conformance")
final class StoriesConformanceTest {
    private static final int BEGIN = 1;

    @Test
    void tellsTheExpectedStory() throws Exception {
        Path folder = ConformanceFolder.path("models/stories260K_llama2c");
        Llama2cFile file = new Llama2cFile(folder.resolve("stories260K.bin"));
        try (Ops ops = TestOps.open();
                ModelWeights weights = ModelWeights.load(file.config(), file, ops, ModelWeights.Use.FROZEN);
                Decoder model = new Decoder(ops, weights);
                Generator generator = new Generator(model, 1, 201)) {
            GenerationRequest story =
                    new GenerationRequest(0, new int[] {BEGIN}, Sampling.GREEDY, 0, 200, Set.of(BEGIN));
            Generation told =
                    generator.generate(List.of(story), TokenListener.NONE).getFirst();
            assertThat(told.ids()).hasSize(200);
            assertThat(text(folder.resolve("tok512.bin"), file.config().vocabulary(), told.ids()))
                    .hasSize(464)
                    .isEqualTo(Files.readAllBytes(folder.resolve("expected_greedy_200_steps.txt")));
        }
    }

    /**
     * The text's bytes; the space that every tokenized text begins with is not its own.
     *
     * @param tokenizer the longest token, then for each token a score, a length, and its bytes
     */
    private static byte[] text(Path tokenizer, int vocabulary, int[] ids) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(tokenizer)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.getInt();
        byte[][] pieces = new byte[vocabulary][];
        for (int id = 0; id < vocabulary; id++) {
            bytes.getFloat();
            pieces[id] = new byte[bytes.getInt()];
            bytes.get(pieces[id]);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int id : ids) {
            String piece = new String(pieces[id], StandardCharsets.UTF_8);
            if (piece.matches("<0x[0-9A-F]{2}>")) {
                text.write(Integer.parseInt(piece.substring(3, 5), 16));
            } else {
                text.write(pieces[id]);
            }
        }
        byte[] all = text.toByteArray();
        return all[0] == ' ' ? Arrays.copyOfRange(all, 1, all.length) : all;
    }
}
