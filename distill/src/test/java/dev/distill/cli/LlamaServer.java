package dev.distill.cli;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** llama-cpp-python's OpenAI-compatible server with one GGUF file: a process on loopback that ends with this object. */
final class LlamaServer implements AutoCloseable {
    /** The model's name in its API, and in the recipe. */
    static final String MODEL = "qwen2.5-0.5b-instruct";

    /** Runs the module with quantised weights as they lie in the file: 0.3.36 ends where it repacks them for a processor with AMX. */
    private static final String UNPACKED = """
            import runpy
            import llama_cpp.llama_cpp as native
            usual = native.llama_model_default_params
            def unpacked():
                params = usual()
                params.use_extra_bufts = False
                return params
            native.llama_model_default_params = unpacked
            runpy.run_module("llama_cpp.server", run_name="__main__")
            """;

    private static final Duration PATIENCE =
            Duration.ofMinutes(3); // importing and loading take seconds on a free machine

    private final ChildProcess child;
    private final int port;

    private LlamaServer(ChildProcess child, int port) {
        this.child = child;
        this.port = port;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param key that every request must bring
     * @param log gets what it says
     * @throws IllegalStateException if it ends first, or does not answer in time
     */
    static LlamaServer start(Peers peers, String key, Path log) throws IOException, InterruptedException {
        return start(peers.python(), peers.teacher(), key, log, List.of());
    }

    /** The same with a model and options of its own. */
    static LlamaServer start(Path python, Path model, String key, Path log, List<String> options)
            throws IOException, InterruptedException {
        return start(python, model, freePort(), key, log, options);
    }

    /** The same at a port that is free. */
    static LlamaServer start(Path python, Path model, int port, String key, Path log, List<String> options)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                python.toString(),
                "-c",
                UNPACKED,
                "--model",
                model.toString(),
                "--model_alias",
                MODEL,
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--api_key",
                key));
        words.addAll(options);
        ProcessBuilder program =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
        LlamaServer server = new LlamaServer(ChildProcess.start(program), port);
        try {
            server.awaitAnswer(key, log);
            return server;
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** The base of its API. */
    String url() {
        return "http://127.0.0.1:" + port + "/v1";
    }

    private void awaitAnswer(String key, Path log) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!answers(key)) {
            if (child.process().waitFor(500, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("llama_cpp.server: must serve; it ended with "
                        + child.process().exitValue() + ":\n" + Files.readString(log));
            }
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException(
                        "llama_cpp.server: must answer within " + PATIENCE + "; it said:\n" + Files.readString(log));
            }
        }
    }

    private boolean answers(String key) {
        try {
            HttpURLConnection models =
                    (HttpURLConnection) URI.create(url() + "/models").toURL().openConnection();
            models.setRequestProperty("Authorization", "Bearer " + key);
            models.setConnectTimeout(1000);
            models.setReadTimeout(10_000);
            return models.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
