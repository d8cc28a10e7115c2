package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code distill dashboard} as a user gives it, until another process ends it. */
@Timeout(60)
class DashboardCommandIT {
    @TempDir
    Path folder;

    @Test
    void itServesUntilItIsInterrupted() throws Exception {
        StringWriter out = new StringWriter();
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> Main.execute(
                Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter())),
                "dashboard",
                folder.toString(),
                "--json"));
        while (!out.toString().endsWith("}\n")) {
            Thread.sleep(20);
        }
        URI page = URI.create(
                new ObjectMapper().readTree(out.toString()).path("url").asText());
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> reply =
                    client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(reply.body()).contains("<title>Distill dashboard</title>");
        }
        new ProcessBuilder(
                        "kill", "-TERM", Long.toString(ProcessHandle.current().pid()))
                .start();
        assertThat(code.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.TERMINATED);
    }

    @Test
    void aFolderThatIsNotThereAndAWrongPortAreMistakes() {
        Said nowhere = Said.by("dashboard", folder.resolve("nowhere"));
        assertThat(nowhere.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(nowhere.err()).contains("nowhere");
        Said port = Said.by("dashboard", folder, "--port", "70000");
        assertThat(port.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(port.err()).contains("--port must be from 0 to 65535; got 70000");
    }
}
