package dev.distill.dashboard;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A browser without a window, driven by the DevTools protocol (chromedevtools.github.io/devtools-protocol). One page. */
public final class Chromium implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

    private final Path profile;
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final List<String> complaints = new ArrayList<>();
    private final WebSocket socket;
    private final String session;
    private int sent;

    /** Begins one, or skips the calling test where there is none on the PATH. */
    public static Chromium orSkip() throws IOException, InterruptedException {
        Optional<Path> program = Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(program.isPresent(), "skipped, for want of a browser: one of " + NAMES + " on the PATH");
        return new Chromium(program.orElseThrow());
    }

    private Chromium(Path program) throws IOException, InterruptedException {
        profile = Files.createTempDirectory("distill-chromium");
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox", // of a root that containers have
                        "--disable-gpu",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader said = process.errorReader();
        String address = said.lines()
                .filter(line -> line.contains("DevTools listening on "))
                .findFirst()
                .orElseThrow(() -> new IOException(program + " does not listen"));
        Thread.ofVirtual().start(() -> said.lines().forEach(line -> {})); // a full pipe would stop it
        socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(address.substring(address.indexOf("ws://"))), new Messages())
                .join();
        String target = call("", "Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asText();
        session = call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asText();
        call("Runtime.enable", Map.of());
        call("Log.enable", Map.of());
        call("Page.enable", Map.of());
    }

    private final class Messages implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    received.add(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(from, part, last);
        }
    }

    public JsonNode call(String method, Map<String, Object> parameters) throws InterruptedException {
        return call(session, method, parameters);
    }

    private JsonNode call(String to, String method, Map<String, Object> parameters) throws InterruptedException {
        ObjectNode message = JSON.createObjectNode().put("id", ++sent).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        if (!to.isEmpty()) {
            message.put("sessionId", to);
        }
        socket.sendText(message.toString(), true).join();
        while (true) {
            JsonNode answer = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (answer == null) {
                throw new IllegalStateException("no answer to " + method);
            }
            if (answer.path("id").asInt() == sent) {
                return answer.has("error") ? answer : answer.path("result");
            }
            String event = answer.path("method").asText();
            if (event.equals("Runtime.exceptionThrown") || event.equals("Log.entryAdded")) {
                complaints.add(answer.path("params").toString());
            }
        }
    }

    public void open(URI page) throws InterruptedException {
        call("Page.navigate", Map.of("url", page.toString()));
    }

    /** A window of this many CSS pixels. */
    public void size(int width, int height) throws InterruptedException {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** @param scheme light or dark, as the system of a user who prefers it */
    public void prefer(String scheme) throws InterruptedException {
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** The value of an expression in the page, as text. */
    public String eval(String expression) throws InterruptedException {
        JsonNode answer = call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        return answer.has("exceptionDetails")
                ? "failed: " + answer.path("exceptionDetails")
                : answer.at("/result/value").asText();
    }

    /** The value of a promise, as text. */
    public String evalLater(String promise) throws InterruptedException {
        return call("Runtime.evaluate", Map.of("expression", promise, "returnByValue", true, "awaitPromise", true))
                .at("/result/value")
                .asText();
    }

    /** Waits until an expression has this value; its last value. */
    public String await(String expression, String value) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        String now = eval(expression);
        while (!now.equals(value) && Instant.now().isBefore(end)) {
            Thread.sleep(50);
            now = eval(expression);
        }
        return now;
    }

    /** Presses and releases a key, such as {@code Tab} or {@code l}. */
    public void press(String key) throws InterruptedException {
        Map<String, Integer> codes = Map.of(
                "Tab", 9, "Enter", 13, "Escape", 27, "End", 35, "Home", 36, "ArrowLeft", 37, "ArrowRight", 39, " ", 32);
        int code = codes.getOrDefault(key, (int) Character.toUpperCase(key.charAt(0)));
        // a browser takes Enter for pressed only with the character that it writes
        String text = key.equals("Enter") ? "\r" : key.length() == 1 ? key : "";
        call(
                "Input.dispatchKeyEvent",
                Map.of("type", "keyDown", "key", key, "text", text, "windowsVirtualKeyCode", code));
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "windowsVirtualKeyCode", code));
    }

    public byte[] screenshot() throws InterruptedException {
        return Base64.getDecoder()
                .decode(call("Page.captureScreenshot", Map.of("format", "png"))
                        .path("data")
                        .asText());
    }

    /** Errors of scripts, refused loads and the like, up to now. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Ends the browser and removes its profile: once its helpers have ended too, which write there longer than it lives itself. */
    @Override
    public void close() throws IOException, InterruptedException {
        List<ProcessHandle> helpers = process.descendants().toList();
        call("", "Browser.close", Map.of());
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        for (ProcessHandle helper : helpers) {
            end(helper);
        }
        client.shutdownNow();
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void end(ProcessHandle helper) {
        try {
            helper.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        } catch (CompletionException late) {
            helper.destroyForcibly();
            helper.onExit().join();
        }
    }
}
