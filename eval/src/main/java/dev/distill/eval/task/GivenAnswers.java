package dev.distill.eval.task;

import dev.distill.data.intake.RowFile;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that were made elsewhere, as a {@link Responder}: a file of JSON lines (our own {@code responses.jsonl}, lm-evaluation-harness's {@code
 * samples_*.jsonl}, or anything with an id or a question and an answer), or a folder of traces. A question is known by its prompt's id, by the data set's own
 * id, or by its text.
 */
public final class GivenAnswers implements Responder {
    private static final Logger LOG = LoggerFactory.getLogger(GivenAnswers.class);
    private static final int SHOWN = 10;
    private static final int SHORT = 60;

    private final String name;
    private final Path file;
    private final String fingerprint;
    private final Map<String, SortedMap<Integer, GivenAnswer>> byPrompt;

    private GivenAnswers(
            String name, Path file, String fingerprint, Map<String, SortedMap<Integer, GivenAnswer>> byPrompt) {
        this.name = name;
        this.file = file;
        this.fingerprint = fingerprint;
        this.byPrompt = byPrompt;
    }

    /**
     * Reads the answers to a task.
     *
     * @param name of who answered, for reports
     * @param file of rows, or a folder of traces
     * @throws dev.distill.data.intake.IntakeException if rows cannot be used; it names all of them
     */
    public static GivenAnswers read(String name, Path file, Task task) throws IOException {
        List<GivenAnswer> given = new ArrayList<>();
        String fingerprint;
        if (Files.isDirectory(file)) {
            List<String> parts = new ArrayList<>();
            try (TraceReader traces = TraceReader.open(file)) {
                traces.forEachRemaining(trace -> {
                    given.add(GivenAnswer.of(trace));
                    parts.add(trace.id());
                });
            }
            fingerprint = Hash.of(parts);
        } else {
            RowFile.read(file, row -> given.addAll(GivenAnswer.of(row)));
            fingerprint = FileEntry.sha256(file);
        }
        return new GivenAnswers(name, file, fingerprint, placed(given, new KnownQuestions(task.prompts()), file));
    }

    private static Map<String, SortedMap<Integer, GivenAnswer>> placed(
            List<GivenAnswer> given, KnownQuestions known, Path file) {
        Map<String, SortedMap<Integer, GivenAnswer>> byPrompt = new HashMap<>();
        int strange = 0;
        for (GivenAnswer one : given) {
            String id = known.find(one.names(), one.question()).orElse(null);
            if (id == null) {
                strange++;
                continue;
            }
            SortedMap<Integer, GivenAnswer> samples = byPrompt.computeIfAbsent(id, _ -> new TreeMap<>());
            int free = samples.isEmpty() ? 0 : samples.lastKey() + 1;
            samples.put(one.sample() < 0 ? free : one.sample(), one);
        }
        if (strange > 0) {
            LOG.warn("answers {}: {} of {} answer no question of the task", file, strange, given.size());
        }
        return byPrompt;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    /** How many answers every one of these has: what a decoding may ask for; 0 where one has none. */
    public int samples(List<Prompt> prompts) {
        return prompts.stream().mapToInt(prompt -> count(prompt)).min().orElse(0);
    }

    /** Answers that are numbered from 0 without a gap. */
    private int count(Prompt prompt) {
        SortedMap<Integer, GivenAnswer> samples = byPrompt.getOrDefault(prompt.id(), new TreeMap<>());
        int count = 0;
        while (samples.containsKey(count)) {
            count++;
        }
        return count;
    }

    /**
     * Hands over what the file has. Temperature and the like are not looked at: they were whoever's who answered.
     *
     * @throws IllegalArgumentException if a question has fewer answers than are asked for; it names them
     */
    @Override
    public void respond(List<Prompt> prompts, Decoding decoding, Consumer<Response> sink) {
        List<Prompt> lacking = prompts.stream()
                .filter(prompt -> count(prompt) < decoding.samples())
                .toList();
        if (!lacking.isEmpty()) {
            throw new IllegalArgumentException(missing(lacking, prompts.size(), decoding.samples()));
        }
        for (Prompt prompt : prompts) {
            SortedMap<Integer, GivenAnswer> samples = byPrompt.getOrDefault(prompt.id(), new TreeMap<>());
            for (int sample = 0; sample < decoding.samples(); sample++) {
                GivenAnswer one = samples.get(sample);
                if (one != null) {
                    sink.accept(new Response(
                            prompt.id(),
                            sample,
                            one.reasoning(),
                            one.answer(),
                            one.finish(),
                            one.usage(),
                            0,
                            null,
                            one.error()));
                }
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
                    .append(count(prompt))
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
