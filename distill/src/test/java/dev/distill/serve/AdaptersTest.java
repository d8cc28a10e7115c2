package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.export.HuggingFaceExport;
import dev.distill.respond.Student;
import dev.distill.respond.TinyStudent;
import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.Parameter;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model and two adapters of it, asked by their names, all at once. */
@Timeout(60)
class AdaptersTest {
    private static final List<String> NAMES = List.of("base", "first", "second");

    @TempDir
    Path folder;

    private Path adapter(Path base, String name, long seed) throws IOException {
        ModelConfig model = TinyStudent.config(base);
        LoraConfig config = new LoraConfig(4, 8, false, List.of(LoraConfig.ALL_LINEAR), 3);
        Path adapter = folder.resolve(name);
        try (Lora lora = Lora.create(config, model)) {
            Random random = new Random(seed);
            for (Parameter parameter : lora.parameters()) { // B too: a fresh adapter changes nothing
                for (long i = 0; i < parameter.value().size(); i++) {
                    parameter.value().set(i, (float) (0.3 * random.nextGaussian()));
                }
            }
            HuggingFaceExport.writeAdapter(adapter, config, lora.parameters(), base.toString());
        }
        return adapter;
    }

    private static String text(HttpClient client, URI server, String model, int seed) throws Exception {
        ObjectNode body = TinyServer.completion("Two and two", 25)
                .put("model", model)
                .put("seed", seed)
                .put("temperature", 0.8);
        HttpResponse<String> reply = client.send(
                HttpRequest.newBuilder(URI.create(server + "/v1/completions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode json = TinyServer.JSON.readTree(reply.body());
        assertThat(json.path("model").asText()).isEqualTo(model);
        return json.path("choices").path(0).path("text").asText();
    }

    @Test
    void eachNameIsAnsweredByItsOwnAdapter() throws Exception {
        Path base = TinyStudent.write(folder.resolve("base"), 1);
        try (Ops ops = new CpuOps(2);
                Student plain = Student.open(base, null, ops);
                Student first = plain.with(adapter(base, "first", 4));
                Student second = plain.with(adapter(base, "second", 5));
                HttpClient client = HttpClient.newHttpClient()) {
            List<ServedModel> models = List.of(
                    new ServedModel("base", plain), new ServedModel("first", first), new ServedModel("second", second));
            try (Server server = Server.start(
                    models, TinyServer.BATCHING, new Listening("127.0.0.1", 0, List.of()), TinyServer.LIMITS)) {
                List<String> alone = new ArrayList<>();
                List<FutureTask<String>> together = new ArrayList<>();
                for (int i = 0; i < 24; i++) {
                    alone.add(text(client, server.uri(), NAMES.get(i % 3), i / 3));
                }
                for (int i = 0; i < 24; i++) {
                    int number = i;
                    together.add(new FutureTask<>(() -> text(client, server.uri(), NAMES.get(number % 3), number / 3)));
                    Thread.ofVirtual().start(together.getLast());
                }
                for (int i = 0; i < 24; i++) {
                    assertThat(together.get(i).get()).isEqualTo(alone.get(i));
                }
                assertThat(alone.subList(0, 3)).doesNotHaveDuplicates();
            }
            List<ServedModel> twice = List.of(new ServedModel("a", plain), new ServedModel("a", first));
            assertThatThrownBy(() -> Server.start(
                            twice, TinyServer.BATCHING, new Listening("127.0.0.1", 0, List.of()), TinyServer.LIMITS))
                    .hasMessage("serve: two models are called a; give each adapter a name of its own: NAME=DIR");
        }
    }
}
