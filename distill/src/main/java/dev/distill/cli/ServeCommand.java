package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.pipeline.Stop;
import dev.distill.respond.Student;
import dev.distill.serve.Listening;
import dev.distill.serve.ServedModel;
import dev.distill.serve.Server;
import dev.distill.student.ops.Ops;
import dev.distill.teacher.ApiKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill serve}: a model behind OpenAI's API. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Serves a model in the words of OpenAI's API, until Ctrl-C: /v1/chat/completions, /v1/completions,"
                    + " /v1/models, /health, /metrics, and a page to chat with at /.",
            "It listens to this machine alone. Other machines need --host and a key, from the environment variable"
                    + " DISTILL_SERVE_KEY or from --key-file.",
            "Fastest is --compute int8, on a processor with VNNI ('distill doctor' shows what it has)."
        },
        footer = {
            "",
            "Example:",
            "  distill serve --model models/student --port 8000",
            "  distill serve --model models/base --adapter maths=runs/a/export --adapter law=runs/b/export",
            "  curl http://127.0.0.1:8000/v1/chat/completions -H 'Content-Type: application/json' \\",
            "    -d '{\"messages\": [{\"role\": \"user\", \"content\": \"What is 17 * 23?\"}]}'"
        })
final class ServeCommand implements Callable<Integer>, Checked {
    private static final String KEY_VARIABLE = "DISTILL_SERVE_KEY";

    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Mixin
    ModelOption model = new ModelOption();

    @Option(names = "--name", paramLabel = "NAME", description = "What requests call it; its own name.")
    @Nullable
    String name;

    @Option(
            names = {"-a", "--adapter"},
            paramLabel = "[NAME=]DIR",
            description = "A PEFT LoRA folder, served beside the model under a name of its own (the folder's); may be"
                    + " repeated. All share the model's weights.")
    List<String> adapters = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to listen at; any that other machines reach needs a key (${DEFAULT-VALUE}).")
    String host = "";

    @Option(
            names = {"-p", "--port"},
            paramLabel = "P",
            defaultValue = "8000",
            description = "Port; 0 for one that is free (${DEFAULT-VALUE}).")
    int port;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "A file with a key that lets in, readable by its owner alone; may be repeated, a key for each"
                    + " client.")
    List<Path> keyFiles = new ArrayList<>();

    @Mixin
    ServeLimitOptions limits = new ServeLimitOptions();

    @Mixin
    ComputeOptions compute = new ComputeOptions(ComputeOptions.Word.FLOAT);

    /** An adapter as the command line names it. */
    private record Adapter(String name, Path folder) {
        static Adapter of(String given) {
            int equals = given.indexOf('=');
            Path folder = Path.of(given.substring(equals + 1));
            return new Adapter(equals < 0 ? ModelArgument.lastName(folder) : given.substring(0, equals), folder);
        }
    }

    @Override
    public void check(Problems problems) {
        limits.check(problems);
        compute.check(problems);
        adapters.forEach(given -> ModelOptions.checkAdapter(Adapter.of(given).folder, problems));
        if (keyFiles.isEmpty()) {
            problems.refused(this::listening);
        }
    }

    /** Without the keys of files, which are read once nothing else is wrong. */
    private Listening listening() {
        return new Listening(host, port, environmentKeys(System.getenv()));
    }

    /** A variable that is set and empty is a mistake, and no wish to let everybody in. */
    static List<ApiKey> environmentKeys(Map<String, String> environment) {
        String value = environment.get(KEY_VARIABLE);
        if (value == null) {
            return List.of();
        }
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    KEY_VARIABLE + ": must hold a key where it is set; it is empty; unset it to serve without one");
        }
        return List.of(ApiKey.of(value));
    }

    private List<ApiKey> keys() throws IOException {
        List<ApiKey> keys = new ArrayList<>(environmentKeys(System.getenv()));
        for (Path file : keyFiles) {
            ApiKey key = ApiKey.fromFile(file);
            if (!key.isPresent()) {
                throw new IllegalArgumentException("--key-file " + file + ": must hold a key; it is empty");
            }
            keys.add(key);
        }
        return keys;
    }

    @Override
    public Integer call() throws Exception {
        Listening where = new Listening(host, port, keys());
        Console console = options.console();
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            CountDownLatch stopped = new CountDownLatch(1);
            stop.onStop(stopped::countDown);
            Deque<Student> open = new ArrayDeque<>();
            try (Ops ops = compute.computing(console).ops()) {
                try {
                    console.detail(ops.describe());
                    serve(models(open, ops, console, stop), where, console, stopped);
                } finally {
                    while (!open.isEmpty()) {
                        open.pop().close(); // adapters before the model
                    }
                }
            }
            return ExitCode.DONE;
        });
    }

    private List<ServedModel> models(Deque<Student> open, Ops ops, Console console, Stop stop) throws IOException {
        ModelArgument found = model.find(console, stop);
        Student base = Student.open(found.name(), found.path(), null, ops);
        open.push(base);
        List<ServedModel> models = new ArrayList<>();
        models.add(new ServedModel(name == null ? found.name() : name, base));
        for (String given : adapters) {
            Adapter adapter = Adapter.of(given);
            Student student = base.with(adapter.folder);
            open.push(student);
            models.add(new ServedModel(adapter.name, student));
        }
        return models;
    }

    private void serve(List<ServedModel> models, Listening where, Console console, CountDownLatch stopped)
            throws InterruptedException {
        ObjectNode result = new ObjectMapper().createObjectNode();
        Server server = Server.start(models, limits.batching(), where, limits.wire());
        try (server) {
            String url = server.uri().toString();
            result.put("url", url);
            console.print(url);
            console.info(String.join(
                            ", ", models.stream().map(ServedModel::name).toList()) + " at " + url + "; Ctrl-C ends it");
            stopped.await();
        }
        Server.Totals totals = server.totals();
        ObjectNode requests = result.putObject("requests");
        totals.requests().forEach(requests::put);
        result.put("prompt_tokens", totals.promptTokens()).put("new_tokens", totals.newTokens());
        console.result(result);
        console.info(
                totals.requests() + ", " + totals.promptTokens() + " tokens read, " + totals.newTokens() + " written");
    }
}
