package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.intake.PromptFile;
import dev.distill.data.intake.PromptFormat;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.pipeline.Stop;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.respond.TextGenerator;
import dev.distill.student.generate.Sampling;
import dev.distill.student.ops.Ops;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill generate}: what a model writes. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Lets a model answer.",
            "On a terminal the text appears as it is written, reasoning dimmed; elsewhere the reasoning stands between"
                    + " <think> and </think>. For a file of prompts: a JSON line for each answer.",
            "Fastest is --compute int8, on a processor with VNNI ('distill doctor' shows what it has)."
        },
        footer = {
            "",
            "Example:",
            "  distill generate --model models/student --prompt \"What is 17 * 23?\"",
            "  distill generate --model models/student --prompt \"Count to ten.\" --stop \" 4\"",
            "  distill generate --model models/student --prompts test.jsonl --samples 4 \\",
            "    --seed 1 > answers.jsonl"
        })
final class GenerateCommand implements Callable<Integer>, Checked {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Mixin
    ModelOptions models = new ModelOptions();

    @ArgGroup(multiplicity = "1")
    Source source = new Source();

    /** One of the two. */
    static final class Source {
        @Option(
                names = {"-p", "--prompt"},
                required = true,
                paramLabel = "TEXT",
                description = "A question; the model's chat template is applied.")
        @Nullable
        String prompt;

        @Option(
                names = "--prompts",
                required = true,
                paramLabel = "FILE",
                description = "JSON lines with prompt, question, problem or messages.")
        @Nullable
        Path prompts;
    }

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "1",
            description = "Answers to each prompt (${DEFAULT-VALUE}).")
    int samples;

    @Mixin
    SamplingOptions sampling = new SamplingOptions();

    @Mixin
    ComputeOptions compute = new ComputeOptions(ComputeOptions.Word.FLOAT);

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "8",
            description = "Texts written at a time (${DEFAULT-VALUE}).")
    int batch;

    @Option(names = "--raw", description = "Continue the text as it is: no chat template, no reasoning told apart.")
    boolean raw;

    @Override
    public void check(Problems problems) {
        models.check(problems);
        sampling.check(problems);
        compute.check(problems);
        problems.least("--samples", samples, 1).least("--batch", batch, 1);
    }

    @Override
    public Integer call() throws Exception {
        Sampling choice = sampling.sampling();
        List<Prompt> prompts = prompts();
        Console console = options.console();
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            try (Ops ops = compute.computing(console).ops();
                    Student student = models.open(ops, console, stop)) {
                console.detail(ops.describe());
                generate(student, prompts, requests(student.language(), prompts, choice), console, stop);
            }
            return ExitCode.DONE;
        });
    }

    private List<Prompt> prompts() throws IOException {
        if (source.prompts != null) {
            List<Prompt> read =
                    PromptFile.read(source.prompts, PromptFormat.PLAIN).prompts();
            if (read.isEmpty()) {
                throw new IllegalArgumentException("--prompts " + source.prompts + ": holds no prompt");
            }
            return read;
        }
        String text = source.prompt == null ? "" : source.prompt;
        return List.of(Prompt.of(List.of(Message.user(text)), null, "--prompt"));
    }

    private List<TextGenerator.Request> requests(Language language, List<Prompt> prompts, Sampling choice) {
        List<TextGenerator.Request> requests = new ArrayList<>();
        for (Prompt prompt : prompts) {
            String text = raw ? prompt.question() : language.renderer().prompt(prompt.messages(), true);
            for (int sample = 0; sample < samples; sample++) {
                requests.add(new TextGenerator.Request(
                        text,
                        raw ? null : language.renderer().start(text),
                        choice,
                        TextGenerator.seed(sampling.seed, prompt.id(), sample),
                        sampling.maxNewTokens,
                        sampling.stops));
            }
        }
        return requests;
    }

    private void generate(
            Student student, List<Prompt> prompts, List<TextGenerator.Request> requests, Console console, Stop stop) {
        boolean streaming = console.isLive() && requests.size() == 1;
        ReplyPrinter printer = new ReplyPrinter(console);
        ObjectNode result = JSON.createObjectNode().put("model", student.name());
        var completions = result.putArray("completions");
        long begin = System.nanoTime();
        long[] tokens = {0, 0}; // of texts that are done; texts
        try (Progress progress = console.progress("generate", requests.size())) {
            new TextGenerator(student, batch)
                    .generate(
                            requests,
                            stop,
                            (row, piece) -> {
                                if (streaming) {
                                    printer.print(piece);
                                }
                                return true;
                            },
                            text -> {
                                ObjectNode line = line(prompts.get(text.row() / samples), text);
                                if (console.isJson()) {
                                    completions.add(line);
                                }
                                if (!streaming) {
                                    console.print(source.prompts == null ? ReplyPrinter.plain(text) : line.toString());
                                }
                                tokens[0] += text.newTokens();
                                progress.update(++tokens[1], tokens[0] + " tokens");
                            });
        }
        if (streaming) {
            printer.end(); // of a text that was stopped too
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        result.put("tokens", tokens[0]).put("seconds", seconds).put("tokens_per_s", tokens[0] / seconds);
        console.result(result);
    }

    private ObjectNode line(Prompt prompt, TextGenerator.Text text) {
        return JSON.createObjectNode()
                .put("prompt", prompt.question())
                .put("sample", text.row() % samples)
                .put("reasoning", text.reasoning().isEmpty() ? null : text.reasoning())
                .put("answer", text.answer())
                .put("finish_reason", text.finish().word())
                .put("tokens", text.newTokens());
    }
}
