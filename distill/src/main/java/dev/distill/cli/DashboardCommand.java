package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.dashboard.Dashboard;
import dev.distill.pipeline.Stop;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code distill dashboard}: a page over runs, in the browser of this machine. */
@Command(
        name = "dashboard",
        mixinStandardHelpOptions = true,
        description = {
            "A web page over one run or a folder of runs, live or finished.",
            "It is served to this machine alone, until Ctrl-C; what it shows is read from the runs' files."
        },
        footer = {"", "Example:", "  distill dashboard runs --port 8080"})
final class DashboardCommand implements Callable<Integer>, Checked {
    private static final int LAST_PORT = 65_535;

    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Parameters(paramLabel = "DIR", description = "Folder of a run, or of several.")
    Path folder = Path.of("");

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "0",
            description = "Port on loopback; 0 for one that is free (${DEFAULT-VALUE}).")
    int port;

    @Override
    public void check(Problems problems) {
        if (port < 0 || port > LAST_PORT) {
            problems.add("--port must be from 0 to " + LAST_PORT + "; got " + port);
        }
    }

    @Override
    public Integer call() throws Exception {
        Console console = options.console();
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            CountDownLatch stopped = new CountDownLatch(1);
            stop.onStop(stopped::countDown);
            try (Dashboard dashboard = Dashboard.start(folder, port)) {
                console.print(dashboard.uri().toString());
                console.result(new ObjectMapper()
                        .createObjectNode()
                        .put("url", dashboard.uri().toString()));
                console.info("Ctrl-C ends it");
                stopped.await();
            }
            return ExitCode.DONE;
        });
    }
}
