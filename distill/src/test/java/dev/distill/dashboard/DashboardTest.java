package dev.distill.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard over real HTTP, while files change under it. */
@Timeout(60)
class DashboardTest {
    @TempDir
    Path folder;

    private Path runs;
    private RunFiles first;
    private Dashboard dashboard;

    @BeforeEach
    void start() throws IOException {
        runs = Files.createDirectory(folder.resolve("runs"));
        first = RunFiles.create(runs.resolve("first"), "name: first\ntrain:\n  steps: 9\n  targets: [a, b]\n", 9);
        first.steps(0, 2);
        dashboard = Dashboard.start(runs, 0);
    }

    @AfterEach
    void stop() {
        dashboard.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(dashboard.uri().resolve(path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** The first line and the body of a reply to these very bytes. */
    private String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), dashboard.uri().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whatIsThereComesFirstAndThenEachLineAsItIsWritten() throws Exception {
        try (EventReader events = new EventReader(dashboard.uri())) {
            assertThat(events.next().name()).isEqualTo("hello");
            JsonNode all = events.await("runs");
            assertThat(all.path("folder").asText()).isEqualTo(runs.toString());
            JsonNode training = all.at("/runs/0/trainings/0");
            assertThat(training.path("id").asText()).isEqualTo("first");
            assertThat(training.path("steps").asInt()).isEqualTo(9);
            assertThat(training.path("state").asText()).isEqualTo("stopped");
            assertThat(training.path("settings").toString())
                    .isEqualTo("{\"name\":\"first\",\"train.steps\":\"9\",\"train.targets\":\"[a, b]\"}");
            assertThat(events.await("steps").at("/lines").findValuesAsText("step"))
                    .containsExactly("0", "1", "2");

            first.append(RunFiles.line(3) + "{\"step\":4,\"lo"); // torn
            JsonNode more = events.await("steps");
            assertThat(more.path("replaced").asBoolean()).isFalse();
            assertThat(more.at("/lines").findValuesAsText("step")).containsExactly("3");
            first.append("ss\":0.5}\n");
            assertThat(events.await("steps").at("/lines").toString()).isEqualTo("[{\"step\":4,\"loss\":0.5}]");

            first.sample(4, "What is 1+1?", "2");
            assertThat(events.await("samples").at("/lines/0/answer").asText()).isEqualTo("2");
        }
    }

    @Test
    void aTrainingThatGoesOnAfterACheckpointIsToldAnew() throws Exception {
        try (EventReader events = new EventReader(dashboard.uri())) {
            events.await("steps");
            Path other = folder.resolve("other");
            Files.writeString(other, RunFiles.line(0) + RunFiles.line(1));
            Files.move(other, first.metrics(), StandardCopyOption.ATOMIC_MOVE);
            JsonNode news = events.await("steps");
            assertThat(news.path("replaced").asBoolean()).isTrue();
            assertThat(news.at("/lines").findValuesAsText("step")).containsExactly("0", "1");
        }
    }

    @Test
    void runsAppearAndDisappear() throws Exception {
        try (EventReader events = new EventReader(dashboard.uri())) {
            events.await("steps");
            RunFiles second = RunFiles.create(runs.resolve("second"), "name: second\n", 5);
            second.steps(0, 1);
            JsonNode both =
                    events.await("runs", data -> data.at("/runs/1/trainings").size() == 1);
            assertThat(both.at("/runs").findValuesAsText("id")).containsExactly("first", "second");
            assertThat(events.await("steps").path("training").asText()).isEqualTo("second");
            Files.move(second.folder(), folder.resolve("elsewhere"));
            JsonNode left = events.await("runs", data -> data.at("/runs").size() == 1);
            assertThat(left.at("/runs").findValuesAsText("id")).containsExactly("first");
        }
    }

    @Test
    void theStateOfATrainingIsThatOfItsProcess() throws Exception {
        Path lock = first.folder().resolve("run.lock");
        Path twin = Files.createDirectories(first.folder().resolve("twin"));
        Files.writeString(twin.resolve("metrics.jsonl"), RunFiles.line(0));
        Files.writeString(lock, "process " + ProcessHandle.current().pid() + " on here since 2026-01-02T03:04:05Z\n");
        try (EventReader events = new EventReader(dashboard.uri())) {
            JsonNode all = events.await("runs");
            assertThat(all.findValuesAsText("id")).containsExactly("first", "first/twin");
            // one process, one training at a time: the newest that has not ended
            assertThat(all.findValuesAsText("state")).containsExactly("stopped", "running");
            Files.writeString(first.folder().resolve("train/manifest.json"), "{\"settings\":{\"train.steps\":\"7\"}}");
            Files.writeString(lock, "");
            JsonNode later = events.await("runs");
            JsonNode done = later.at("/runs/0/trainings/0");
            if (!done.path("state").asText().equals("done")) { // it looked between the two
                done = events.await("runs").at("/runs/0/trainings/0");
            }
            assertThat(done.at("/settings/train.steps").asText()).isEqualTo("7");
        }
    }

    @Test
    void aHarvestTellsHowFarItIs() throws Exception {
        Path harvest = Files.createDirectories(runs.resolve("first/harvest"));
        Files.writeString(harvest.resolve("progress.json"), """
                {"units": 10, "completed": 4, "failed": 1, "bought_tokens": 99, "spent": "0.5", "currency": "USD"}
                """);
        try (EventReader events = new EventReader(dashboard.uri())) {
            JsonNode told = events.await("runs").at("/runs/0/harvest");
            assertThat(told.path("completed").asInt()).isEqualTo(4);
            assertThat(told.path("state").asText()).isEqualTo("stopped");
        }
    }

    @Test
    void oneRunAndASingleTrainingAreRunsToo() throws Exception {
        for (Path path : List.of(runs.resolve("first"), runs.resolve("first/train"))) {
            try (Dashboard one = Dashboard.start(path, 0);
                    EventReader events = new EventReader(one.uri())) {
                assertThat(events.await("steps").path("training").asText())
                        .isEqualTo(path.getFileName().toString());
            }
        }
    }

    @Test
    void prometheusReadsTheNewestFigures() throws Exception {
        RunFiles.create(runs.resolve("a\"b"), "name: x\n", 5).append("{\"step\":1,\"val_loss\":2.5}\n{\"step\":2}\n");
        HttpResponse<String> reply = get("/metrics");
        assertThat(reply.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(reply.body().lines())
                .contains(
                        "# TYPE distill_train_loss gauge",
                        "distill_train_step{run=\"first\",training=\"first\"} 2.0",
                        "distill_train_loss{run=\"first\",training=\"first\"} 2.0",
                        "distill_train_step{run=\"a\\\"b\",training=\"a\\\"b\"} 2.0",
                        "distill_train_validation_loss{run=\"a\\\"b\",training=\"a\\\"b\"} 2.5");
        first.steps(3, 4);
        assertThat(get("/metrics").body()).contains("distill_train_loss{run=\"first\",training=\"first\"} 1.0");
    }

    @Test
    void everyPartOfThePageIsThereAndNothingIsFetchedFromElsewhere() throws Exception {
        String page = get("/").body();
        List<String> parts = Pattern.compile("(?:src|href)=\"(/[^\"]*)\"")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(parts).contains("/app.js", "/uplot.js", "/page.css");
        for (String part : parts) {
            HttpResponse<String> reply = get(part);
            assertThat(reply.statusCode()).as(part).isEqualTo(200);
            assertThat(reply.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            if (part.endsWith(".js")) {
                Pattern.compile("from \"\\./([^\"]+)\"")
                        .matcher(reply.body())
                        .results()
                        .forEach(match -> assertThat(code("/" + match.group(1))).isEqualTo(200));
            }
        }
        assertThat(page).doesNotContain("http:", "https:", "<style", " style=", "onclick");
        assertThat(get("/").headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self';");
    }

    private int code(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void namesThatOthersLetPointHereAreRefused() throws IOException {
        for (String host : List.of("evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost@evil", "")) {
            assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .as(host)
                    .startsWith("HTTP/1.1 421 ")
                    .endsWith("ask for 127.0.0.1 or localhost.\n");
        }
        assertThat(raw("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 421 ");
        for (String host : List.of("localhost", "localhost:9000", "127.0.0.1:1", "[::1]:8080")) {
            assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .as(host)
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void noPathReachesAFile() throws IOException {
        Files.writeString(runs.resolve("secret.txt"), "secret");
        for (String path : List.of(
                "/secret.txt",
                "/../secret.txt",
                "/%2e%2e/secret.txt",
                "/..%2fsecret.txt",
                "/first/resolved.yaml",
                "/events/../first/resolved.yaml",
                "/metrics/x",
                "/uplot/LICENSE.txt",
                "//etc/passwd")) {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .as(path)
                    .matches("(?s)HTTP/1.1 40[04] .*")
                    .doesNotContain("secret", "name: first");
        }
        assertThat(raw("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ");
    }

    /** Listens on loopback alone: another address of this machine does not answer. */
    @Test
    void otherMachinesDoNotReachIt() throws IOException {
        int port = dashboard.uri().getPort();
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .toList();
        for (InetAddress address : others) {
            assertThatThrownBy(() -> new Socket(address, port).close()).isInstanceOf(IOException.class);
        }
        assertThat(dashboard.uri().getHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void closingEndsTheEvents() throws Exception {
        try (EventReader events = new EventReader(dashboard.uri())) {
            events.await("steps");
            dashboard.close();
            assertThatThrownBy(() -> events.await("never")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFolderThatIsNotThereAndAPortThatIsTakenAreRefused() {
        assertThatThrownBy(() -> Dashboard.start(folder.resolve("nowhere"), 0)).isInstanceOf(NoSuchFileException.class);
        int taken = dashboard.uri().getPort();
        assertThatThrownBy(() -> Dashboard.start(runs, taken))
                .hasMessageStartingWith("--port " + taken + ": cannot be listened at")
                .hasMessageEndingWith("give another, or 0 for any");
        assertThat(URI.create("http://127.0.0.1:" + taken + "/")).isEqualTo(dashboard.uri());
    }
}
