package dev.distill.teacher.wire;

import dev.distill.data.trace.Message;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.TeacherRequest;
import dev.distill.teacher.dialect.Dialect;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** One question over real HTTP to a server that is scripted. */
final class OneExchange {
    static final Dialect OPENAI = Dialect.named("openai");

    static final Patience QUICK =
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20), 1 << 20);

    static final Patience IMPATIENT = QUICK.withIdle(Duration.ofMillis(1500));

    static final String CANARY = "sk-" + "canary-0123456789abcdefghij";

    private OneExchange() {}

    static Exchange ask(ScriptedServer.Script script) throws IOException {
        return ask(script, QUICK);
    }

    static Exchange ask(ScriptedServer.Script script, Patience patience) throws IOException {
        return ask(script, patience, OPENAI);
    }

    static Exchange ask(ScriptedServer.Script script, Patience patience, Dialect dialect) throws IOException {
        try (ScriptedServer server = new ScriptedServer(script);
                HttpTeacher teacher =
                        new HttpTeacher(new Endpoint(server.url(), "m", dialect), ApiKey.of(CANARY), patience)) {
            return teacher.ask(new TeacherRequest(List.of(Message.user("1+1?")), Sampling.R1, 0));
        }
    }
}
