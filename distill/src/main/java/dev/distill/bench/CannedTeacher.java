package dev.distill.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A chat API on loopback whose replies were made beforehand, so that what is measured is the one who asks. It sends as fast as it is read: a reply
 * in one piece, or as events of a token each, as vLLM does; three quarters of its tokens are reasoning.
 */
final class CannedTeacher implements AutoCloseable {
    static final String MODEL = "bench";

    /** Different ones, that take turns: were they all the same, they would be compressed to nothing. */
    private static final int REPLIES = 8;

    private static final String[] SYLLABLES = {
        "ra", "to", "mi", "lun", "ke", "sol", "va", "pi", "den", "fo", "gra", "hil", "jo", "ne", "qua", "ster"
    };
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<byte[]> replies = new ArrayList<>();
    private final boolean streamed;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();

    CannedTeacher(HarvestBench.Settings settings) throws IOException {
        this.streamed = settings.streamed();
        SplittableRandom random = new SplittableRandom(settings.seed());
        for (int i = 0; i < REPLIES; i++) {
            List<String> tokens = tokens(random, settings.replyTokens());
            replies.add(
                    (streamed ? events(tokens, settings) : whole(tokens, settings)).getBytes(StandardCharsets.UTF_8));
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /** Bytes of replies so far, without HTTP's own. */
    long sent() {
        return sent.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] reply = replies.get(Math.floorMod(asked.getAndIncrement(), REPLIES));
            exchange.getResponseHeaders().set("Content-Type", streamed ? "text/event-stream" : "application/json");
            exchange.sendResponseHeaders(200, streamed ? 0 : reply.length); // 0: in chunks
            exchange.getResponseBody().write(reply);
            exchange.getResponseBody().close();
            sent.addAndGet(reply.length);
        }
    }

    /** About four characters each. */
    static List<String> tokens(SplittableRandom random, int count) {
        List<String> tokens = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tokens.add(" " + SYLLABLES[random.nextInt(SYLLABLES.length)]
                    + (random.nextBoolean() ? SYLLABLES[random.nextInt(SYLLABLES.length)] : ""));
        }
        return tokens;
    }

    private static int reasoning(HarvestBench.Settings settings) {
        return settings.replyTokens() * 3 / 4;
    }

    private static String whole(List<String> tokens, HarvestBench.Settings settings) {
        int reasoning = reasoning(settings);
        ObjectNode reply = head("chat.completion");
        ObjectNode choice = reply.putArray("choices").addObject().put("index", 0);
        choice.putObject("message")
                .put("role", "assistant")
                .put("reasoning_content", String.join("", tokens.subList(0, reasoning)))
                .put("content", String.join("", tokens.subList(reasoning, tokens.size())));
        choice.put("finish_reason", "stop");
        reply.set("usage", usage(settings));
        return reply.toString();
    }

    private static String events(List<String> tokens, HarvestBench.Settings settings) {
        int reasoning = reasoning(settings);
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            ObjectNode event = head("chat.completion.chunk");
            ObjectNode choice = event.putArray("choices").addObject().put("index", 0);
            choice.putObject("delta").put(i < reasoning ? "reasoning_content" : "content", tokens.get(i));
            choice.putNull("logprobs").putNull("finish_reason");
            append(events, event);
        }
        ObjectNode end = head("chat.completion.chunk");
        ObjectNode choice = end.putArray("choices").addObject().put("index", 0);
        choice.putObject("delta");
        choice.put("finish_reason", "stop");
        append(events, end);
        ObjectNode usage = head("chat.completion.chunk");
        usage.putArray("choices");
        usage.set("usage", usage(settings));
        append(events, usage);
        return events.append("data: [DONE]\n\n").toString();
    }

    private static void append(StringBuilder events, ObjectNode event) {
        events.append("data: ").append(event).append("\n\n");
    }

    private static ObjectNode head(String kind) {
        return JSON.createObjectNode()
                .put("id", "chatcmpl-0123456789abcdef0123456789abcdef")
                .put("object", kind)
                .put("created", 1_700_000_000)
                .put("model", MODEL);
    }

    private static ObjectNode usage(HarvestBench.Settings settings) {
        ObjectNode usage = JSON.createObjectNode()
                .put("prompt_tokens", settings.promptTokens())
                .put("completion_tokens", settings.replyTokens())
                .put("total_tokens", settings.promptTokens() + settings.replyTokens());
        usage.putObject("completion_tokens_details").put("reasoning_tokens", reasoning(settings));
        return usage;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
