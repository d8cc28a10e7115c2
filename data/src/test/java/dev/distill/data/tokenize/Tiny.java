package dev.distill.data.tokenize;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A tokenizer of a few hundred tokens, trained on the spot, as the demo's student has one. */
final class Tiny {
    static final List<AddedToken> ADDED = List.of(
            AddedToken.special("<|endoftext|>"),
            AddedToken.special("<|im_start|>"),
            AddedToken.special("<|im_end|>"),
            AddedToken.plain("<think>"),
            AddedToken.plain("</think>"));

    static final List<String> TEXTS = List.of(
            "What is 12 + 34? First add the ones: 2 + 4 = 6. Then add the tens: 1 + 3 = 4. So the answer is 46.",
            "What is 50 - 18? First take the ones. Then take the tens. So the answer is 32.",
            "Solve 3x + 5 = 20. Subtract 5 from both sides: 3x = 15. Divide by 3: x = 5. So the answer is 5.",
            "它等于多少？它等于五。它等于多少？");

    private Tiny() {}

    static HfTokenizer in(Path folder, int vocabularySize) throws IOException {
        return HfTokenizer.open(write(folder, vocabularySize));
    }

    /** Writes it into this folder. */
    static Path write(Path folder, int vocabularySize) throws IOException {
        BpeTrainer.train(TEXTS, vocabularySize, ADDED).write(folder, "<|endoftext|>", "<|im_end|>", null);
        return folder;
    }
}
