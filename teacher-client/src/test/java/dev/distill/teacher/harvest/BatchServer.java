package dev.distill.teacher.harvest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A batch API on loopback, after OpenAI's. It keeps its files and batches whoever asks, and its own count of the requests that it
 * has worked off: what a provider would charge for.
 */
final class BatchServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a client does not live to see. */
    @FunctionalInterface
    interface Watch {
        /**
         * Called before and after the effect of each call.
         *
         * @param run which client calls, the first part of the address
         * @param call how many calls there have been, this one included
         * @return false to let the connection break here
         */
        boolean goesOn(String run, int call, boolean before);
    }

    /** A batch as the server has it. */
    private static final class Made {
        final String id;
        final String file;
        final String metadata;
        String status;
        int looks;
        final List<String> output = new ArrayList<>();
        final List<String> errors = new ArrayList<>();

        Made(String id, String file, String metadata, String status) {
            this.id = id;
            this.file = file;
            this.metadata = metadata;
            this.status = status;
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final Map<String, Made> batches = new LinkedHashMap<>();
    /** How often each request was worked off, by its name. */
    final Map<String, Integer> worked = new TreeMap<>();
    /** Bodies of all requests that came. */
    final List<JsonNode> bodies = new CopyOnWriteArrayList<>();

    final List<String> calls = new CopyOnWriteArrayList<>();

    /** By the number of the prompt: {@code STATUS BODY}, empty for a reply, {@code expired} for none. */
    IntFunction<String> answers = number -> "";

    /** How a batch ends, by how many there have been. */
    IntFunction<String> ends = batch -> "completed";

    /** Looks at a batch until it is over. */
    int looks = 2;

    /** How often the youngest batch is left out of the list. */
    int hidden;

    /** What is done to a file before it goes down; the letter U+FFFF becomes a byte that is no UTF-8. */
    UnaryOperator<String> spoil = text -> text;

    Watch watch = (run, call, before) -> true;
    private int made;
    private int called;

    BatchServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                serve(exchange);
            }
        });
        server.start();
    }

    /** @param run names a client */
    URI url(String run) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + run + "/v1");
    }

    synchronized List<Integer> sizes() {
        return batches.values().stream()
                .map(batch -> lines(files.getOrDefault(batch.file, "")).size())
                .toList();
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String[] path = exchange.getRequestURI().getPath().split("/", 4);
        String what = exchange.getRequestMethod() + " " + path[3];
        int call = ++called;
        if (!watch.goesOn(path[1], call, true)) {
            return; // without a word: the connection breaks
        }
        calls.add(what);
        String reply = answer(what, exchange, new String(body, StandardCharsets.UTF_8));
        if (!watch.goesOn(path[1], call, false)) {
            return;
        }
        byte[] bytes = spoilt(reply.substring(4));
        exchange.sendResponseHeaders(Integer.parseInt(reply.substring(0, 3)), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static byte[] spoilt(String text) {
        byte[] mark = "\uFFFF".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String[] parts = text.split("\uFFFF", -1);
        for (int i = 0; i < parts.length; i++) {
            out.writeBytes(parts[i].getBytes(StandardCharsets.UTF_8));
            if (i < parts.length - 1) {
                out.write(mark, 0, 1);
            }
        }
        return out.toByteArray();
    }

    /** Status and body. */
    private String answer(String what, HttpExchange exchange, String body) throws IOException {
        String[] words = what.split("[ /]");
        String kind = words[0] + " " + words[1] + (words.length > 3 ? " " + words[3] : "");
        return switch (kind) {
            case "POST files" -> "200 {\"id\":\"" + upload(body) + "\"}";
            case "POST batches" -> "200 " + json(create(JSON.readTree(body)));
            case "POST batches cancel" -> "200 " + json(cancel(words[2]));
            case "GET batches" -> words.length > 2 ? "200 " + json(look(words[2])) : "200 " + list(exchange);
            case "GET files content" -> "200 " + spoil.apply(files.getOrDefault(words[2], ""));
            default -> "404 {\"error\":{\"message\":\"no such thing\"}}";
        };
    }

    private String upload(String body) {
        String mark = body.substring(0, body.indexOf("\r\n"));
        String part = body.split(java.util.regex.Pattern.quote(mark), -1)[2];
        String id = "file-" + files.size();
        files.put(id, part.substring(part.indexOf("\r\n\r\n") + 4, part.length() - 2));
        return id;
    }

    private Made create(JsonNode request) throws IOException {
        Made batch = new Made(
                "batch-" + batches.size(),
                request.path("input_file_id").asText(),
                request.path("metadata").toString(),
                "in_progress");
        batches.put(batch.id, batch);
        String end = ends.apply(made++);
        for (String line : lines(files.getOrDefault(batch.file, ""))) {
            JsonNode asked = JSON.readTree(line);
            bodies.add(asked);
            if (!end.startsWith("failed")) {
                work(batch, asked);
            }
        }
        batch.status = "in_progress " + end;
        return batch;
    }

    private void work(Made batch, JsonNode asked) {
        String name = asked.path("custom_id").asText();
        int number = HarvestScene.number(asked.toString());
        String said = answers.apply(number);
        ObjectNode line = JSON.createObjectNode().put("custom_id", name);
        if (said.equals("expired")) {
            line.putNull("response")
                    .putObject("error")
                    .put("code", "batch_expired")
                    .put("message", "not in time");
            batch.errors.add(line.toString());
            return;
        }
        int status = said.isEmpty() ? 200 : Integer.parseInt(said.substring(0, 3));
        ObjectNode response = line.putObject("response").put("status_code", status);
        line.putNull("error");
        try {
            response.set("body", said.isEmpty() ? completion(number) : JSON.readTree(said.substring(4)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        worked.merge(name, 1, Integer::sum);
        (status == 200 ? batch.output : batch.errors).add(line.toString());
    }

    private static ObjectNode completion(int number) {
        ObjectNode body = JSON.createObjectNode().put("model", "m-1");
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0).put("finish_reason", "stop");
        choice.putObject("message")
                .put("role", "assistant")
                .put("reasoning_content", "because")
                .put("content", "It is \\boxed{" + 2 * number + "}");
        body.putObject("usage").put("prompt_tokens", 20).put("completion_tokens", 50);
        return body;
    }

    private Made look(String id) {
        Made batch = batch(id);
        if (batch.status.startsWith("in_progress") && ++batch.looks >= looks) {
            end(batch, batch.status.substring("in_progress ".length()));
        }
        return batch;
    }

    private void end(Made batch, String how) {
        batch.status = how;
        if (!batch.output.isEmpty()) {
            files.put(batch.id + "-out", String.join("\n", batch.output) + "\n");
        }
        if (!batch.errors.isEmpty()) {
            files.put(batch.id + "-err", String.join("\n", batch.errors) + "\n");
        }
    }

    /** Half of it is done by then. */
    private Made cancel(String id) {
        Made batch = batch(id);
        while (batch.output.size() > 2) {
            JsonNode line;
            try {
                line = JSON.readTree(batch.output.removeLast());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            worked.merge(line.path("custom_id").asText(), -1, Integer::sum);
        }
        end(batch, "cancelled");
        return batch;
    }

    private Made batch(String id) {
        Made batch = batches.get(id);
        if (batch == null) {
            throw new IllegalStateException("no batch " + id + " was made");
        }
        return batch;
    }

    /** Two to a page, the youngest first. */
    private String list(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        String after = query.contains("after=") ? query.replaceAll(".*after=([^&]*).*", "$1") : "";
        List<Made> young = new ArrayList<>(batches.values()).reversed();
        if (hidden > 0 && !young.isEmpty()) {
            hidden--;
            young.removeFirst();
        }
        int from = 0;
        for (int i = 0; i < young.size(); i++) {
            from = young.get(i).id.equals(after) ? i + 1 : from;
        }
        List<Made> page = young.subList(from, Math.min(from + 2, young.size()));
        ObjectNode reply = JSON.createObjectNode().put("has_more", from + 2 < young.size());
        var data = reply.putArray("data");
        for (Made batch : page) {
            data.add(JSON.readTree(json(batch)));
        }
        return reply.toString();
    }

    private String json(Made batch) throws IOException {
        String[] status = batch.status.split(" ", 2);
        ObjectNode json = JSON.createObjectNode()
                .put("id", batch.id)
                .put("status", status[0])
                .put("created_at", Instant.now().getEpochSecond());
        json.set("metadata", JSON.readTree(batch.metadata));
        json.put("output_file_id", file(batch.id + "-out")).put("error_file_id", file(batch.id + "-err"));
        json.putObject("request_counts").put("completed", batch.output.size()).put("failed", batch.errors.size());
        if (status[0].equals("failed")) {
            String[] words = status[1].split(" ", 2);
            json.putObject("errors")
                    .putArray("data")
                    .addObject()
                    .put("code", words[0])
                    .put("message", words[1]);
        }
        return json.toString();
    }

    private @Nullable String file(String id) {
        return files.containsKey(id) ? id : null;
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
