package dev.distill.train.teach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Samples;
import dev.distill.data.shard.DistributionFolder;
import dev.distill.data.shard.DistributionJournal;
import dev.distill.data.shard.DistributionSource;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.pace.Backoff;
import dev.distill.teacher.score.ScoringClient;
import dev.distill.teacher.wire.HttpScorer;
import dev.distill.teacher.wire.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiPassTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DistributionSource SOURCE = new DistributionSource("aa", "teacher", "ff", 1, 1);

    /** An id that {@link Numbers} breaks at. */
    private static final int BROKEN = 1000;

    @TempDir
    Path folder;

    private HttpServer server;
    private ScoringClient client;

    @BeforeEach
    void begin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/v1/completions", ApiPassTest::echo);
        server.start();
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
        HttpScorer scorer = new HttpScorer(base, "teacher", ApiKey.NONE, Patience.DEFAULT);
        client = new ScoringClient(scorer, "teacher", Backoff.DEFAULT, 1, 4);
    }

    @AfterEach
    void end() {
        client.close();
        server.stop(0);
    }

    /** A tokenizer whose tokens are numbers. */
    private static final class Numbers implements Tokenizer {
        @Override
        public int[] encode(String text) {
            return Arrays.stream(text.strip().split(" "))
                    .mapToInt(Integer::parseInt)
                    .toArray();
        }

        @Override
        public String decode(int[] ids, boolean skipSpecialTokens) {
            if (Arrays.stream(ids).anyMatch(id -> id == BROKEN)) {
                throw new OutOfMemoryError("for this text");
            }
            return Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "));
        }

        @Override
        public int vocabularySize() {
            return BROKEN + 1;
        }

        @Override
        public OptionalInt id(String token) {
            return OptionalInt.empty();
        }

        @Override
        public String sha256() {
            return "aa";
        }
    }

    /** Tells ids; each token is what it expected. */
    private static void echo(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode prompt = JSON.readTree(exchange.getRequestBody()).path("prompt");
            int[] ids = prompt.isArray()
                    ? prompt.valueStream().mapToInt(JsonNode::asInt).toArray()
                    : new Numbers().encode(prompt.asText());
            ObjectNode reply = JSON.createObjectNode();
            ObjectNode logprobs = reply.putArray("choices").addObject().putObject("logprobs");
            ArrayNode tokens = logprobs.putArray("tokens");
            ArrayNode own = logprobs.putArray("token_logprobs").addNull();
            ArrayNode top = logprobs.putArray("top_logprobs").addNull();
            for (int i = 0; i < ids.length; i++) {
                tokens.add("token_id:" + ids[i]);
                if (i > 0) {
                    own.add(-0.1);
                    top.addObject().put("token_id:" + ids[i], -0.1);
                }
            }
            byte[] bytes = reply.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private ApiPass pass() {
        return new ApiPass(
                new ApiVoice(client, new Numbers(), BROKEN + 1, 1), SOURCE, new DistributionFolder(folder), 2);
    }

    private static Samples samples(int count, int broken) {
        return Samples.of(IntStream.range(0, count)
                .mapToObj(i -> new Sample(
                        "t" + i, new int[] {1, 2, i == broken ? BROKEN : 10 + i}, List.of(new Sample.Span(2, 3))))
                .toList());
    }

    /** Were it taken for a stop, the run would say that it was stopped, and nobody would hear why. */
    @Test
    void anErrorEndsThePassAndWhatWasPaidIsKept() throws IOException {
        assertThatThrownBy(() -> pass().run(samples(30, 12), () -> false, done -> {}))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("for this text");
        List<String> paid = new ArrayList<>();
        try (DistributionJournal journal = DistributionJournal.open(new DistributionFolder(folder), SOURCE)) {
            journal.forEach(row -> paid.add(row.traceId()));
        }
        assertThat(paid).contains("t0", "t5", "t11").doesNotContain("t12").hasSizeBetween(12, 20);
        List<Long> done = new ArrayList<>();
        assertThat(pass().run(samples(30, -1), () -> false, done::add)).isTrue();
        assertThat(done.getFirst()).isEqualTo(paid.size());
        assertThat(done.getLast()).isEqualTo(30);
    }
}
