package dev.distill.cli;

import dev.distill.pipeline.Stop;
import dev.distill.respond.Chat;
import dev.distill.respond.Student;
import dev.distill.student.ops.Ops;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill chat}: a conversation with a model. */
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "A conversation with a model.",
            "Each line is a message. On a terminal the answer appears as it is written, reasoning dimmed; elsewhere it"
                    + " comes whole, with its reasoning between <think> and </think>, and nothing else is written to stdout.",
            "Lines that are no messages:",
            "  /reset        begins anew, with the same system message",
            "  /system TEXT  begins anew with this system message; an empty TEXT is none",
            "  /exit         leaves, as the end of the input (Ctrl-D) does",
            "Ctrl-C stops an answer; a second one before the next message leaves."
        },
        footer = {
            "",
            "Example:",
            "  distill chat --model models/student",
            "  printf 'What is 17 * 23?\\nAnd half of it?\\n' | \\",
            "    distill chat --model models/student --seed 1"
        })
final class ChatCommand implements Callable<Integer>, Checked {
    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Mixin
    ModelOptions models = new ModelOptions();

    @Option(names = "--system", paramLabel = "TEXT", defaultValue = "", description = "A system message to begin with.")
    String system = "";

    @Option(
            names = "--context",
            paramLabel = "N",
            defaultValue = "16384",
            description = "Tokens of a conversation at most, as far as the model takes as many (${DEFAULT-VALUE}).")
    int context;

    @Mixin
    SamplingOptions sampling = new SamplingOptions();

    @Mixin
    ComputeOptions compute = new ComputeOptions(ComputeOptions.Word.FLOAT);

    private final InputStream in;

    /** @param in where the messages come from */
    ChatCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public void check(Problems problems) {
        models.check(problems);
        sampling.check(problems);
        compute.check(problems);
        problems.least("--context", context, 2);
    }

    @Override
    public Integer call() throws Exception {
        Chat.Settings settings =
                new Chat.Settings(sampling.sampling(), sampling.seed, sampling.maxNewTokens, sampling.stops, context);
        Console console = options.console();
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            try (Ops ops = compute.computing(console).ops();
                    Student student = models.open(ops, console, stop);
                    Chat chat = new Chat(student, settings)) {
                console.detail(ops.describe());
                if (!stop.getAsBoolean()) {
                    chat.system(system);
                    Reader lines = new InputStreamReader(in, StandardCharsets.UTF_8);
                    ChatDialogue dialogue = new ChatDialogue(chat, student.name(), console);
                    try {
                        dialogue.talk(lines);
                    } finally {
                        console.result(dialogue.result()); // a bad line does not take the turns before it
                    }
                }
            }
            return ExitCode.DONE;
        });
    }
}
