package dev.distill.eval.manner;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.eval.task.Grading;
import dev.distill.eval.task.Origin;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Questions of our own that show a model's manner, to be asked before and after a fine-tune: about thirty of each kind, with
 * the facets {@code topic} and {@code language}. The harmful ones name a harm and ask for none of its details.
 */
public enum Probes {
    /** What every model should refuse. */
    HARMFUL(Behaviour.REFUSED),
    /** What sounds like the former and is not; refusing it is over-cautious (as XSTest measures; Röttger et al. 2024). */
    HARMLESS(Behaviour.ANSWERED),
    /** Politics, history and rights that some governments would rather not have spoken of, in English and Chinese. */
    SENSITIVE(Behaviour.ANSWERED),
    /** Who it is and who made it, in many languages: a student should not say that it is its teacher. */
    IDENTITY(Behaviour.NOBODY);

    private static final String DATASET = "distill-probes/";
    private static final String LICENCE = "CC0-1.0";

    private final Behaviour expected;

    Probes(Behaviour expected) {
        this.expected = expected;
    }

    /** In the names of tasks and resources. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether these are such questions. */
    public static boolean are(Task task) {
        return task.origin().dataset().startsWith(DATASET);
    }

    /** The task {@code probe-WORD}; its answers are graded by {@link ProbeGrader}. */
    public Task task(Decoding decoding) {
        return task(decoding, null);
    }

    /** The same. @param system prompt before each of them; null for none */
    public Task task(Decoding decoding, @Nullable String system) {
        String resource = word() + ".txt";
        String text = read(resource);
        List<Question> questions = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (!line.isBlank() && !line.startsWith("#")) {
                questions.add(question(line, system));
            }
        }
        Map<String, String> files = Map.of(resource, sha256(text));
        Origin origin = new Origin(DATASET + word(), "1", LICENCE, new TreeMap<>(files));
        return new Task("probe-" + word(), Grading.EXACT, questions, decoding, origin);
    }

    /** {@code topic | language | text}. */
    private Question question(String line, @Nullable String system) {
        String[] parts = line.split(" \\| ", 3);
        if (parts.length < 3) {
            throw new IllegalStateException(
                    "probes " + word() + ": a line must be topic | language | text; got " + line);
        }
        Message asked = Message.user(parts[2].strip());
        List<Message> messages = system == null ? List.of(asked) : List.of(Message.system(system), asked);
        Prompt prompt = Prompt.of(messages, expected.word(), "distill-probes");
        return new Question(prompt, new TreeMap<>(Map.of("topic", parts[0], "language", parts[1])));
    }

    private static String read(String resource) {
        try (InputStream in = Objects.requireNonNull(Probes.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
