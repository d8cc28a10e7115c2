package dev.distill.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.distill.respond.Student;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.TeacherRows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A model behind the completions API as servers speak it, with their habits and failures; it counts what it has scored, by text. */
final class ScoringServer implements AutoCloseable {
    /** Whose habits. */
    enum Speech {
        /** Ids where they are asked for; special tokens are written. */
        VLLM,
        /** vLLM where echo is refused. */
        VLLM_WITHOUT_ECHO,
        /** Texts only; special tokens are written as nothing; each place lists its own token too. */
        LLAMA,
        /** The same with what each token is followed by, in place of what it was expected to be. */
        LLAMA_SHIFTED
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Student model;
    private final Speech speech;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> scored = new ConcurrentHashMap<>();
    private volatile int failing; // of so many texts one fails at first; 0 for none
    private volatile String refused = "held by no text"; // texts that hold this are not scored

    ScoringServer(Student model, Speech speech) throws IOException {
        this.model = model;
        this.speech = speech;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/v1/completions", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** Plants failures: of so many texts one has them, each at its first requests. */
    void fail(int oneOf) {
        failing = oneOf;
    }

    /** Texts that hold this are too long for it. */
    void refuse(String part) {
        refused = part;
    }

    /** How often each text was scored. */
    Map<String, AtomicInteger> scored() {
        return scored;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            String text = text(request.path("prompt"));
            int attempt = attempts.computeIfAbsent(request.toString(), t -> new AtomicInteger())
                    .incrementAndGet();
            if (text.contains(refused)) {
                reply(exchange, 400, "{\"error\":{\"message\":\"longer than the context of 8\"}}");
            } else if (request.path("max_tokens").asInt() != 1
                    || request.path("temperature").asInt(-1) != 0) {
                reply(exchange, 400, "{\"error\":{\"message\":\"would write on and on\"}}");
            } else if (speech == Speech.VLLM_WITHOUT_ECHO
                    && request.path("echo").asBoolean()) {
                reply(exchange, 400, "{\"error\":{\"message\":\"echo is not supported\"}}");
            } else if (failing > 0 && text.hashCode() % failing == 0 && attempt <= 2) {
                exchange.getResponseHeaders().set("retry-after-ms", "5");
                if (attempt == 1) {
                    reply(exchange, 503, "{\"error\":{\"message\":\"loading\"}}");
                } else {
                    reply(exchange, 200, "{\"choices\":[{\"text\":\"cut");
                }
            } else {
                String scores =
                        scores(request, given(request.path("prompt")), text).toString();
                scored.computeIfAbsent(text, t -> new AtomicInteger()).incrementAndGet();
                reply(exchange, 200, scores);
            }
        }
    }

    private int[] given(JsonNode prompt) {
        return prompt.isArray()
                ? prompt.valueStream().mapToInt(JsonNode::asInt).toArray()
                : model.language().tokenizer().encode(prompt.asText());
    }

    private String text(JsonNode prompt) {
        return prompt.isArray() ? model.language().tokenizer().decode(given(prompt), false) : prompt.asText();
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Greedily one more token behind the text, and all of them with what was expected. */
    private synchronized JsonNode scores(JsonNode request, int[] given, String text) {
        int k = Math.max(
                request.path("logprobs").asInt(),
                request.path("prompt_logprobs").asInt());
        int next = top(given, 1).id(given.length - 1, 0);
        int[] ids = Arrays.copyOf(given, given.length + 1);
        ids[given.length] = next;
        TeacherRows top = top(ids, k);
        float[] own = model.model().logProbabilities(PackedRow.nextToken(ids));
        ObjectNode reply = JSON.createObjectNode();
        ObjectNode choice = reply.putArray("choices").addObject();
        if (request.has("prompt_logprobs")) {
            choice.put("text", token(next, false));
            promptLogprobs(choice, given, top, own);
        } else {
            choice.put("text", text + token(next, false));
            echo(
                    choice.putObject("logprobs"),
                    ids,
                    top,
                    own,
                    request.path("return_tokens_as_token_ids").asBoolean());
        }
        return reply;
    }

    private TeacherRows top(int[] ids, int k) {
        int[] targets = new int[ids.length]; // any: every place is wanted
        return model.model()
                .likeliest(new PackedRow(ids, targets, PackedRow.nextToken(ids).sequences()), k, 1);
    }

    private String token(int id, boolean asId) {
        if (asId) {
            return "token_id:" + id;
        }
        return model.language().tokenizer().decode(new int[] {id}, isLlama()).replace("\uFFFD", "");
    }

    private boolean isLlama() {
        return speech == Speech.LLAMA || speech == Speech.LLAMA_SHIFTED;
    }

    private void echo(ObjectNode logprobs, int[] ids, TeacherRows top, float[] own, boolean idsWanted) {
        boolean asIds = idsWanted && !isLlama();
        ArrayNode tokens = logprobs.putArray("tokens");
        ArrayNode offsets = logprobs.putArray("text_offset");
        ArrayNode ownOut = logprobs.putArray("token_logprobs").addNull();
        ArrayNode tops = logprobs.putArray("top_logprobs").addNull();
        int length = speech == Speech.LLAMA_SHIFTED ? ids.length - 1 : ids.length;
        for (int i = 0; i < length; i++) {
            tokens.add(token(ids[i], asIds));
            String before = model.language().tokenizer().decode(Arrays.copyOf(ids, i), isLlama());
            offsets.add(before.codePointCount(0, before.length()));
            if (i > 0) {
                int row = speech == Speech.LLAMA_SHIFTED ? i : i - 1;
                ObjectNode place = tops.addObject();
                for (int j = 0; j < top.count(row); j++) {
                    place.put(token(top.id(row, j), asIds), top.logProbability(row, j));
                }
                if (speech == Speech.LLAMA_SHIFTED) {
                    ownOut.add(-20);
                    place.putIfAbsent(
                            token(ids[i], false), JSON.getNodeFactory().numberNode(-20));
                } else {
                    ownOut.add(own[i - 1]);
                    place.put(token(ids[i], asIds), own[i - 1]);
                }
            }
        }
    }

    private void promptLogprobs(ObjectNode choice, int[] ids, TeacherRows top, float[] own) {
        ArrayNode places = choice.putArray("prompt_logprobs").addNull();
        for (int i = 1; i < ids.length; i++) {
            ObjectNode place = places.addObject();
            place.putObject(Integer.toString(ids[i]))
                    .put("logprob", own[i - 1])
                    .put("decoded_token", token(ids[i], false));
            for (int j = 0; j < top.count(i - 1); j++) {
                place.putObject(Integer.toString(top.id(i - 1, j)))
                        .put("logprob", top.logProbability(i - 1, j))
                        .put("rank", j + 1)
                        .put("decoded_token", token(top.id(i - 1, j), false));
            }
        }
        ArrayNode promptIds = choice.putArray("prompt_token_ids");
        for (int id : ids) {
            promptIds.add(id);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
