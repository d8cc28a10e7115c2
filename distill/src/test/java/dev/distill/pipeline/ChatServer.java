package dev.distill.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A chat API on loopback that answers what a test says, in one piece. */
final class ChatServer implements AutoCloseable {
    /** An answer that the server's filter withholds. */
    static final String FILTERED = "(filtered)";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    final AtomicInteger requests = new AtomicInteger();

    /** System prompts that came, each once. */
    final Set<String> systems = ConcurrentHashMap.newKeySet();

    /** @param answer by what the user said last */
    ChatServer(Function<String, String> answer) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", exchange -> {
            try (exchange) {
                requests.incrementAndGet();
                JsonNode messages =
                        JSON.readTree(exchange.getRequestBody().readAllBytes()).path("messages");
                if (messages.path(0).path("role").asText().equals("system")) {
                    systems.add(messages.path(0).path("content").asText());
                }
                String said = messages.path(messages.size() - 1).path("content").asText();
                ObjectNode reply = JSON.createObjectNode().put("model", "m-1");
                ObjectNode choice = reply.putArray("choices").addObject().put("index", 0);
                String answered = answer.apply(said);
                boolean filtered = answered.equals(FILTERED);
                choice.putObject("message").put("role", "assistant").put("content", filtered ? "" : answered);
                choice.put("finish_reason", filtered ? "content_filter" : "stop");
                reply.putObject("usage").put("prompt_tokens", 10).put("completion_tokens", 20);
                byte[] bytes = JSON.writeValueAsBytes(reply);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
