package dev.distill.serve;

import dev.distill.respond.Student;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Reads requests for a tiny model. */
final class Reading implements AutoCloseable {
    static final String MESSAGES = "\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]";
    static final Batching BATCHING = new Batching(2, 8, 0, 100, 8, 64 << 20);

    final Ops ops = new CpuOps(1);
    final Student student;
    final Lane lane;
    final ChatReader chats;
    final CompletionReader completions;

    /** @param model a model's folder */
    Reading(Path model) throws IOException {
        student = Student.open(model, null, ops);
        lane = new Lane(new ServedModel("tiny", student), BATCHING, 64 << 20, new Metrics());
        CommonReader common = new CommonReader(new Models(List.of(lane)), BATCHING);
        chats = new ChatReader(common);
        completions = new CompletionReader(common);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A chat with one message and these fields, the first with a comma before it. */
    Order chat(String fields) throws ApiError {
        return chats.read(utf8("{" + MESSAGES + fields + "}"));
    }

    Order completion(String fields) throws ApiError {
        return completions.read(utf8("{" + fields + "}"));
    }

    /** Why a chat is not taken. */
    ApiError refused(String body) {
        try {
            chats.read(utf8(body));
        } catch (ApiError e) {
            return e;
        }
        throw new AssertionError("was taken: " + body);
    }

    static String param(ApiError error) {
        return error.json().path("error").path("param").asText("none");
    }

    @Override
    public void close() {
        lane.close();
        student.close();
        ops.close();
    }
}
