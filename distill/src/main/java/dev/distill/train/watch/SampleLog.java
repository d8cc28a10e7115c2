package dev.distill.train.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.trace.Prompt;
import dev.distill.respond.Student;
import dev.distill.respond.TextGenerator;
import dev.distill.respond.TextGenerator.Request;
import dev.distill.student.generate.Sampling;
import dev.distill.train.SampleReport;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * {@code samples.jsonl}: what the student answers, greedily, to a few prompts each time its validation loss is measured. A run
 * that goes on from a checkpoint drops the lines of the steps that it will do again.
 */
final class SampleLog implements TrainListener {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Sampling GREEDY = new Sampling(0, 0, 1);

    private final Path file;
    private final Student student;
    private final SamplePrompts asked;
    private final TrainListener others;
    private final BooleanSupplier stop;

    /**
     * @param others hear of each sample
     * @param stop once true, samples under way are broken off
     */
    SampleLog(Path file, Student student, SamplePrompts asked, TrainListener others, BooleanSupplier stop) {
        this.stop = stop;
        this.file = file;
        this.student = student;
        this.asked = asked;
        this.others = others;
    }

    @Override
    public void begin(int done, int steps) {
        try {
            List<String> kept = done > 0 && Files.exists(file) ? upTo(done, Files.readAllLines(file)) : List.of();
            AtomicFile.write(file, String.join("", kept));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> upTo(int step, List<String> lines) {
        List<String> kept = new ArrayList<>();
        for (String line : lines) {
            try {
                if (JSON.readTree(line).path("step").asInt() <= step) {
                    kept.add(line + "\n");
                }
            } catch (JsonProcessingException e) {
                break; // the line that a killed process was writing
            }
        }
        return kept;
    }

    @Override
    public void step(StepReport report) {
        if (!Double.isFinite(report.validationLoss())) {
            return;
        }
        TextGenerator generator = new TextGenerator(student, asked.prompts().size());
        List<SampleReport> samples = new ArrayList<>();
        generator.generate(requests(), stop, TextGenerator.Listener.NONE, text -> {
            Prompt prompt = asked.prompts().get(text.row());
            samples.add(new SampleReport(
                    report.step(),
                    text.row(),
                    prompt.id(),
                    prompt.question(),
                    text.reasoning(),
                    text.answer(),
                    text.finish().word(),
                    text.newTokens()));
        });
        samples.sort((a, b) -> Integer.compare(a.number(), b.number()));
        append(samples);
        samples.forEach(others::sample);
    }

    private List<Request> requests() {
        List<Request> requests = new ArrayList<>();
        for (Prompt prompt : asked.prompts()) {
            String text = student.language().renderer().prompt(prompt.messages(), asked.reasoning());
            requests.add(new Request(
                    text, student.language().renderer().start(text), GREEDY, 0, asked.maxNewTokens(), List.of()));
        }
        return requests;
    }

    private void append(List<SampleReport> samples) {
        StringBuilder lines = new StringBuilder();
        for (SampleReport sample : samples) {
            lines.append(line(sample)).append('\n');
        }
        try {
            Files.write(file, lines.toString().getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(SampleReport sample) {
        return JSON.createObjectNode()
                .put("step", sample.step())
                .put("number", sample.number())
                .put("prompt_id", sample.promptId())
                .put("question", sample.question())
                .put("reasoning", sample.reasoning())
                .put("answer", sample.answer())
                .put("finish_reason", sample.finish())
                .put("new_tokens", sample.newTokens())
                .toString();
    }
}
