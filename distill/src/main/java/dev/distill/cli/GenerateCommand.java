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
                    + " <think> and </think>. For a file of prompts: a JSON line for each answer."
        },
        footer = {
            "",
            "Example:",
            "  distill generate --model models/student --prompt \"What is 17 * 23?\"",
            "  distill generate --model models/student --prompts test.jsonl --samples 4 --seed 1 > answers.jsonl"
        })
final class GenerateCommand implements Callable<Integer> {
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

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "1024",
            description = "Where a text is cut (${DEFAULT-VALUE}).")
    int maxNewTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0.6",
            description = "0 for the likeliest token always (${DEFAULT-VALUE}).")
    double temperature;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "0.95",
            description = "Nucleus, 1 for all tokens (${DEFAULT-VALUE}).")
    double topP;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Only the k likeliest, 0 for all (${DEFAULT-VALUE}).")
    int topK;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            defaultValue = "0",
            description =
                    "Only tokens of at least this share of the likeliest one's probability, 0 for all (${DEFAULT-VALUE}).")
    double minP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "R",
            defaultValue = "1",
            description =
                    "What tokens of the prompt and the text so far are held back by, 1 for not (${DEFAULT-VALUE}).")
    double repetitionPenalty;

    @Mixin
    ComputeOptions compute = new ComputeOptions(ComputeOptions.Word.FLOAT);

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "The same seed gives the same text (${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "8",
            description = "Texts written at a time (${DEFAULT-VALUE}).")
    int batch;

    @Option(names = "--raw", description = "Continue the text as it is: no chat template, no reasoning told apart.")
    boolean raw;

    private boolean reasoned; // reasoning stands on the terminal, and no answer yet

    @Override
    public Integer call() throws Exception {
        if (samples < 1 || maxNewTokens < 1 || batch < 1) {
            throw new IllegalArgumentException("--samples, --max-new-tokens and --batch must be at least 1; got "
                    + samples + ", " + maxNewTokens + " and " + batch);
        }
        Sampling sampling = new Sampling(temperature, topK, topP, minP, repetitionPenalty);
        List<Prompt> prompts = prompts();
        Console console = options.console();
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            try (Ops ops = compute.computing(console).ops();
                    Student student = models.open(ops, console, stop)) {
                console.detail(ops.describe());
                generate(student, prompts, requests(student.language(), prompts, sampling), console, stop);
            }
            return ExitCode.DONE;
        });
    }

    private List<Prompt> prompts() throws IOException {
        if (source.prompts != null) {
            return PromptFile.read(source.prompts, PromptFormat.PLAIN).prompts();
        }
        String text = source.prompt == null ? "" : source.prompt;
        return List.of(Prompt.of(List.of(Message.user(text)), null, "--prompt"));
    }

    private List<TextGenerator.Request> requests(Language language, List<Prompt> prompts, Sampling sampling) {
        List<TextGenerator.Request> requests = new ArrayList<>();
        for (Prompt prompt : prompts) {
            String text = raw ? prompt.question() : language.renderer().prompt(prompt.messages(), true);
            for (int sample = 0; sample < samples; sample++) {
                requests.add(new TextGenerator.Request(
                        text,
                        raw ? null : language.renderer().start(text),
                        sampling,
                        TextGenerator.seed(seed, prompt.id(), sample),
                        maxNewTokens));
            }
        }
        return requests;
    }

    private void generate(
            Student student, List<Prompt> prompts, List<TextGenerator.Request> requests, Console console, Stop stop) {
        boolean streaming = console.isLive() && requests.size() == 1;
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
                                    stream(console, piece.reasoning(), piece.answer());
                                }
                            },
                            text -> {
                                ObjectNode line = line(prompts.get(text.row() / samples), text);
                                if (console.isJson()) {
                                    completions.add(line);
                                }
                                if (!streaming) {
                                    console.print(source.prompts == null ? plain(text) : line.toString());
                                }
                                tokens[0] += text.newTokens();
                                progress.update(++tokens[1], tokens[0] + " tokens");
                            });
        }
        if (streaming) {
            console.print(""); // ends the line, of a text that was stopped too
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        result.put("tokens", tokens[0]).put("seconds", seconds).put("tokens_per_s", tokens[0] / seconds);
        console.result(result);
    }

    private void stream(Console console, String reasoning, String answer) {
        console.stream(reasoning, true);
        reasoned |= !reasoning.isEmpty();
        if (reasoned && !answer.isEmpty()) {
            console.endReasoning();
            reasoned = false;
        }
        console.stream(answer, false);
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

    private static String plain(TextGenerator.Text text) {
        return text.reasoning().isEmpty()
                ? text.answer()
                : "<think>\n" + text.reasoning() + "\n</think>\n\n" + text.answer();
    }
}
