package dev.distill.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.intake.RowFile;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that were made elsewhere, as a {@link Responder}: a file of JSON lines (our own {@code responses.jsonl}, lm-evaluation-harness's {@code
 * samples_*.jsonl}, or anything with an id or a question and an answer), or a folder of traces. A question is known by its prompt's id, by the data set's own
 * id, or by its text. Which answer is which sample {@link PlacedAnswers} says.
 */
public final class GivenAnswers implements Responder {
    private static final Logger LOG = LoggerFactory.getLogger(GivenAnswers.class);
    private static final int SHOWN = 10;
    private static final int SHORT = 60;

    private final String name;
    private final Path file;
    private final String fingerprint;
    private final Conditions asked;
    private final PlacedAnswers placed;

    private GivenAnswers(String name, Path file, Given given, Task task) {
        this.name = name;
        this.file = file;
        this.fingerprint = given.fingerprint();
        this.asked = given.asked();
        this.placed = PlacedAnswers.of(given.answers(), task);
    }

    /** What stands in a file or a folder. */
    private record Given(List<GivenAnswer> answers, Conditions asked, String fingerprint) {}

    /**
     * Reads the answers to a task.
     *
     * @param name of who answered, for reports
     * @param file of rows, or a folder of traces
     * @throws dev.distill.data.intake.IntakeException if rows cannot be used; it names all of them
     */
    public static GivenAnswers read(String name, Path file, Task task) throws IOException {
        GivenAnswers answers = new GivenAnswers(name, file, Files.isDirectory(file) ? traces(file) : rows(file), task);
        answers.remarks().forEach(remark -> LOG.warn("answers {}: {}", file, remark));
        return answers;
    }

    private static Given traces(Path folder) throws IOException {
        List<GivenAnswer> answers = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        try (TraceReader traces = TraceReader.open(folder)) {
            traces.forEachRemaining(trace -> {
                answers.add(GivenAnswer.of(trace));
                parts.add(trace.id());
            });
        }
        return new Given(answers, Conditions.UNKNOWN, Hash.of(parts));
    }

    private static Given rows(Path file) throws IOException {
        List<GivenAnswer> answers = new ArrayList<>();
        List<Conditions> heads = new ArrayList<>();
        RowFile.read(file, row -> {
            if (isHead(row)) {
                heads.add(Conditions.ofHead(row));
            } else {
                answers.addAll(GivenAnswer.of(row));
            }
        });
        // lines of several evaluations together were asked in several ways
        Conditions asked = heads.stream().distinct().count() == 1 ? heads.getFirst() : Conditions.UNKNOWN;
        return new Given(answers, asked, FileEntry.sha256(file));
    }

    /** The first line of our own files. */
    private static boolean isHead(JsonNode row) {
        return row.has(ResponseLog.CONDITIONS) && !row.has("prompt_id");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    /** As the file's first line says, where it is one of ours; the task at hand does not decide how these were made. */
    @Override
    public Conditions conditions(Task task) {
        return asked;
    }

    /** What is to be told to whoever has the file: answers that are left out, and what looks wrong. */
    public List<String> remarks() {
        return placed.remarks();
    }

    /** How many answers every one of these has: what a decoding may ask for; 0 where one has none. */
    public int samples(List<Prompt> prompts) {
        return prompts.stream().mapToInt(placed::count).min().orElse(0);
    }

    /** What is said where questions have more answers than are graded of each; empty where none has. */
    Optional<String> cut(List<Prompt> prompts, int samples) {
        int most = prompts.stream().mapToInt(placed::count).max().orElse(0);
        long left = prompts.stream()
                .mapToLong(prompt -> Math.max(0, placed.count(prompt) - samples))
                .sum();
        return left == 0
                ? Optional.empty()
                : Optional.of("questions have up to " + most + " answers, and the first " + samples
                        + " of each are graded, so that all weigh alike; " + left + " are left out");
    }

    /**
     * Hands over what the file has. Temperature and the like are not looked at: they were whoever's who answered.
     *
     * @throws IllegalArgumentException if a question has fewer answers than are asked for; it names them
     */
    @Override
    public void respond(List<Prompt> prompts, Decoding decoding, Consumer<Response> sink) {
        List<Prompt> lacking = prompts.stream()
                .filter(prompt -> placed.count(prompt) < decoding.samples())
                .toList();
        if (!lacking.isEmpty()) {
            throw new IllegalArgumentException(missing(lacking, prompts.size(), decoding.samples()));
        }
        cut(prompts, decoding.samples()).ifPresent(said -> LOG.warn("answers {}: {}", file, said));
        for (Prompt prompt : prompts) {
            for (int sample = 0; sample < decoding.samples(); sample++) {
                GivenAnswer one = placed.of(prompt).get(sample);
                sink.accept(new Response(
                        prompt.id(),
                        sample,
                        one.reasoning(),
                        one.answer(),
                        one.finish(),
                        one.spent().usage(),
                        one.spent().seconds(),
                        one.spent().cost(),
                        one.error()));
            }
        }
    }

    private String missing(List<Prompt> lacking, int all, int samples) {
        StringBuilder text = new StringBuilder("answers " + file + ": every question needs " + samples + "; "
                + lacking.size() + " of " + all + " have fewer:");
        for (Prompt prompt : lacking.subList(0, Math.min(SHOWN, lacking.size()))) {
            String question = prompt.question().strip().replaceAll("\\s+", " ");
            text.append("\n  ")
                    .append(KnownQuestions.ownId(prompt).orElse(prompt.id()))
                    .append(" has ")
                    .append(placed.count(prompt))
                    .append(": ")
                    .append(question, 0, Math.min(SHORT, question.length()));
        }
        if (lacking.size() > SHOWN) {
            text.append("\n  and ").append(lacking.size() - SHOWN).append(" more");
        }
        return text.append("\nadd them, ask for fewer samples, or limit the task to questions that have some")
                .toString();
    }
}
