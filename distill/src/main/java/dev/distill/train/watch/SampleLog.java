package dev.distill.train.watch;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Prompt;
import dev.distill.respond.Student;
import dev.distill.respond.TextGenerator;
import dev.distill.respond.TextGenerator.Request;
import dev.distill.student.generate.Sampling;
import dev.distill.train.SampleReport;
import dev.distill.train.StepLines;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code samples.jsonl}: what the student answers, greedily, to a few prompts each time its validation loss is measured. */
final class SampleLog implements TrainListener {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Sampling GREEDY = new Sampling(0, 0, 1);

    private final Path file;
    private final Student student;
    private final SamplePrompts asked;
    private final TrainListener others;
    private final BooleanSupplier stop;
    private @Nullable StepLines lines;

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
            lines = StepLines.openAfter(file, done > 0 ? done : -1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        try {
            Objects.requireNonNull(lines, "no step before the beginning")
                    .add(samples.stream().map(SampleLog::line).toList());
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
