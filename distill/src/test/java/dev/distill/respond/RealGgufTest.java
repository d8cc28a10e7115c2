package dev.distill.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.trace.Message;
import dev.distill.student.generate.Sampling;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The GGUF files of real models against the Hugging Face folders that transformers made of them. Needs real weights: {@code
 * -Ddistill.models=FOLDER} with {@code gguf/*.gguf} and the folders named here.
 */
@Tag("slow")
class RealGgufTest {
    private static final List<String> TEXTS = List.of(
            "",
            "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May.",
            "$\\frac{3}{4} \\cdot 12 = 9$, so the answer is \\boxed{9}.\n\n\n\tDone?  Yes!!",
            "def f(x):\n    return {'a': x ** 2, \"b\": [1, 22, 333, 4444]}  # it's IT'S we'll",
            "Größe, naïve café, 它等于五, здравствуй мир, \u0645\u0631\u062d\u0628\u0627, \ud83d\ude00\ud83c\udff3\ufe0f\u200d\ud83c\udf08",
            "<|im_start|>user\nHi<|im_end|>\n<think>no token of theirs</think><|endoftext|>",
            "   leading and trailing   ",
            "\r\n\r\n a\u00a0b\u3000c\u200bd");

    private static final List<Message> ASKED = List.of(Message.user("What is the capital of France?"));

    private static Path model(String name) {
        Path path = Path.of(System.getProperty("distill.models", "no-models")).resolve(name);
        assumeTrue(Files.exists(path), "no " + path + ": give -Ddistill.models=FOLDER");
        return path;
    }

    @ParameterizedTest
    @CsvSource({
        "gguf/SmolLM2-135M-Instruct.Q4_1.gguf, smollm2-135m",
        "gguf/qwen2.5-0.5b-q4.gguf, qwen2.5-0.5b",
    })
    void idsAndRenderingsAreThoseOfTheFolder(String gguf, String folder) throws IOException {
        try (Language first = Language.open(model(gguf));
                Language second = Language.open(model(folder))) {
            Tokenizer ours = first.tokenizer();
            Tokenizer theirs = second.tokenizer();
            List<String> texts = new ArrayList<>(TEXTS);
            texts.add(first.renderer().prompt(ASKED, true));
            for (String text : texts) {
                int[] ids = ours.encode(text);
                assertThat(ids).as(text).isEqualTo(theirs.encode(text));
                assertThat(ours.decode(ids, false)).as(text).isEqualTo(theirs.decode(ids, false));
                assertThat(ours.decode(ids, true)).as(text).isEqualTo(theirs.decode(ids, true));
            }
            assertThat(texts.getLast()).isEqualTo(second.renderer().prompt(ASKED, true));
        }
    }

    @Test
    void greedyTextIsThatOfTheFolder() throws IOException {
        try (Ops ops = new CpuOps();
                Student gguf = Student.open(model("gguf/SmolLM2-135M-Instruct.Q4_1.gguf"), null, ops);
                Student folder = Student.open(model("smollm2-135m"), null, ops)) {
            assertThat(gguf.endIds()).isEqualTo(folder.endIds());
            // the folder's weights are BF16, the file's are not: a long text might part ways at a close call
            assertThat(answer(gguf)).isEqualTo(answer(folder)).contains("Paris");
        }
    }

    private static String answer(Student student) {
        String prompt = student.language().renderer().prompt(ASKED, true);
        List<TextGenerator.Text> texts = new ArrayList<>();
        new TextGenerator(student, 1)
                .generate(
                        List.of(new TextGenerator.Request(prompt, null, Sampling.GREEDY, 0, 16, List.of())),
                        () -> false,
                        TextGenerator.Listener.NONE,
                        texts::add);
        return texts.getFirst().answer();
    }
}
