package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.respond.TinyStudent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code distill serve} as a user gives it, until another process ends it. */
@Timeout(60)
class ServeCommandIT {
    private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    @TempDir
    Path folder;

    @Test
    void itServesUntilItIsInterruptedAndSaysWhatItDid() throws Exception {
        Path model = TinyStudent.write(folder.resolve("tiny"), 5);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> Main.execute(
                Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)),
                "serve",
                "--model",
                model.toString(),
                "--name",
                "pupil",
                "--port",
                "0",
                "--grace",
                "1",
                "--json"));
        Matcher url = URL.matcher(err.toString());
        while (!url.find() && !code.isDone()) {
            Thread.sleep(20);
            url = URL.matcher(err.toString());
        }
        assertThat(code).as(err.toString()).isNotDone();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> reply = client.send(
                    HttpRequest.newBuilder(URI.create(url.group() + "/v1/completions"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"model\": \"pupil\", \"prompt\": \"Two and\", \"max_tokens\": 7, \"seed\": 1}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        }
        new ProcessBuilder(
                        "kill", "-TERM", Long.toString(ProcessHandle.current().pid()))
                .start();
        assertThat(code.get(20, TimeUnit.SECONDS)).isEqualTo(ExitCode.TERMINATED);
        JsonNode said = new ObjectMapper().readTree(out.toString());
        assertThat(said.path("url").asText()).isEqualTo(url.group());
        assertThat(said.path("requests").path("answered").asInt()).isEqualTo(1);
        assertThat(said.path("new_tokens").asInt()).isBetween(1, 7);
        assertThat(said.path("prompt_tokens").asInt()).isPositive();
    }

    @Test
    void mistakesAreToldBeforeAnythingIsOpened() throws Exception {
        Said said =
                Said.by("serve", "--model", folder, "--host", "0.0.0.0", "--batch", "0", "--adapter", "x=" + folder);
        assertThat(said.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(said.err())
                .contains(
                        "--batch must be at least 1; got 0",
                        "no adapter_config.json in it",
                        "--host 0.0.0.0 lets other machines in, which needs a key");
        Path open = Files.writeString(folder.resolve("key"), "a-key-of-some-length\n");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        Said key = Said.by("serve", "--model", folder, "--key-file", open);
        assertThat(key.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(key.err()).contains("must be readable by its owner alone").doesNotContain("a-key-of");
        assertThat(Said.by("serve", "--model", folder, "--port", "70000").err())
                .contains("--port must be from 0 to 65535; got 70000");
    }
}
