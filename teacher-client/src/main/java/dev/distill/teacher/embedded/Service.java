package dev.distill.teacher.embedded;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.embedded.problem.Draw;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Answers requests: checks the key, finds the reply and what goes wrong on its way, sends it, writes the log. */
final class Service {
    /** A client may say which attempt this is; otherwise it is counted how often the request came. */
    static final String ATTEMPT_HEADER = "x-distill-attempt";

    /** How long a stalled reply stays silent: longer than any client waits. */
    private static final Duration STALL = Duration.ofMinutes(10);

    private final TeacherConfig config;
    private final TeacherLog log;
    private final Replies replies;
    private final Map<String, Integer> seen = new ConcurrentHashMap<>();

    /** One reply on its way. */
    private record Delivery(ChatRequest request, int attempt, TransportFault fault, Reply reply, Draw draw) {}

    Service(TeacherConfig config, TeacherLog log) {
        this.config = config;
        this.log = log;
        this.replies = new Replies(config);
    }

    /** Returns whether the connection is still good for another request. */
    boolean answer(HttpRequest http, HttpResponse out) throws IOException, InterruptedException {
        try {
            authorize(http);
            String path = http.path().replaceFirst("^/v1/", "/");
            if (http.method().equals("GET") && path.equals("/models")) {
                out.whole(200, Map.of(), Wire.models(EmbeddedTeacher.MODEL));
                return true;
            }
            if (!http.method().equals("POST") || !path.equals("/chat/completions")) {
                throw Refused.notFound(http.method() + " " + http.path());
            }
            return complete(delivery(http), out);
        } catch (Refused e) {
            refuse(e, out);
            return true;
        }
    }

    void refuse(Refused refused, HttpResponse out) throws IOException {
        out.whole(refused.status(), Map.of(), Wire.error(refused.text(), refused.type()));
    }

    private void authorize(HttpRequest http) throws Refused {
        String key = config.key();
        String sent = http.header("authorization");
        if (key != null
                && (sent == null
                        || !MessageDigest.isEqual(
                                sent.getBytes(StandardCharsets.UTF_8),
                                ("Bearer " + key).getBytes(StandardCharsets.UTF_8)))) {
            throw Refused.unauthorized();
        }
    }

    private Delivery delivery(HttpRequest http) throws Refused {
        ChatRequest request = ChatRequest.read(http.body());
        if (!request.model().equals(EmbeddedTeacher.MODEL)) {
            throw Refused.badRequest("Model Not Exist: there is only " + EmbeddedTeacher.MODEL);
        }
        Reply reply = replies.of(request);
        int attempt = attempt(http, request);
        Draw draw = Draw.of(config.seed(), request.hash(), "wire", Integer.toString(attempt));
        return new Delivery(request, attempt, replies.transport(request, attempt), reply, draw);
    }

    private int attempt(HttpRequest http, ChatRequest request) throws Refused {
        String header = http.header(ATTEMPT_HEADER);
        if (header == null) {
            return seen.merge(request.hash(), 1, Integer::sum);
        }
        if (!header.matches("[1-9][0-9]{0,8}")) {
            throw Refused.badRequest(ATTEMPT_HEADER + " must be a whole number from 1; got " + header);
        }
        return Integer.parseInt(header);
    }

    private boolean complete(Delivery delivery, HttpResponse out) throws IOException, InterruptedException {
        return switch (delivery.fault) {
            case RATE_LIMITED -> {
                // Fractions are not in the standard, but some providers send them.
                logged(delivery, 429, Usage.NONE, true);
                out.whole(
                        429,
                        Map.of("Retry-After", delivery.draw.pick("0.02", "0.05", "0.1", "0.2", "1")),
                        Wire.error("Rate limit reached: requests per minute", "rate_limit_error"));
                yield true;
            }
            case UNAVAILABLE -> {
                logged(delivery, 503, Usage.NONE, true);
                out.whole(
                        503,
                        Map.of(),
                        Wire.error("Service is too busy, please retry later", "service_unavailable_error"));
                yield true;
            }
            case NONE -> send(delivery, delivery.reply, out);
            case EXHAUSTED -> send(delivery, exhausted(delivery), out);
            case CUT, STALLED -> sendPart(delivery, out);
        };
    }

    /** Sends the whole reply. The log has it before the finish reason goes out. */
    private boolean send(Delivery delivery, Reply reply, HttpResponse out) throws IOException, InterruptedException {
        Wire wire = new Wire(delivery.request);
        if (!delivery.request.stream()) {
            logged(delivery, 200, reply.usage(), true);
            out.whole(200, Map.of(), wire.whole(reply));
            return true;
        }
        List<String> events = wire.events(reply, delivery.draw);
        int finish = events.size() - 2;
        try {
            stream(events.subList(0, finish), out);
        } catch (IOException e) {
            logged(delivery, 200, reply.usage(), false);
            throw e;
        }
        logged(delivery, 200, reply.usage(), true);
        out.piece(events.get(finish));
        out.piece(events.getLast());
        out.endStream();
        return true;
    }

    /** Sends a part of the reply and then nothing; a cut closes the connection, a stall waits until the client does. */
    private boolean sendPart(Delivery delivery, HttpResponse out) throws IOException, InterruptedException {
        logged(delivery, 200, delivery.reply.usage(), false);
        Wire wire = new Wire(delivery.request);
        if (delivery.request.stream()) {
            List<String> events = wire.events(delivery.reply, delivery.draw);
            int sent = delivery.draw.below(events.size() - 1);
            stream(events.subList(0, sent), out);
            String next = events.get(sent);
            out.piece(next.substring(0, delivery.draw.below(next.length())));
            out.flush();
        } else {
            String json = wire.whole(delivery.reply);
            out.torn(json, delivery.draw.below(json.length()));
        }
        if (delivery.fault == TransportFault.STALLED) {
            Thread.sleep(STALL);
        }
        return false;
    }

    private void stream(List<String> events, HttpResponse out) throws IOException, InterruptedException {
        out.beginStream();
        for (String event : events) {
            out.piece(event);
            if (!config.chunkDelay().isZero()) {
                out.flush();
                Thread.sleep(config.chunkDelay());
            }
        }
    }

    /** The reply up to somewhere, as if the provider's machines had run out. */
    private static Reply exhausted(Delivery delivery) {
        Reply whole = delivery.reply;
        int tokens = delivery.draw.below((int) whole.usage().reasoningTokens() + 1);
        Usage usage = new Usage(whole.usage().promptTokens(), whole.usage().cacheHitTokens(), tokens, tokens);
        return new Reply(
                Tokens.first(whole.reasoning(), tokens),
                "",
                FinishReason.INSUFFICIENT_SYSTEM_RESOURCE,
                usage,
                whole.fault(),
                whole.detail());
    }

    private void logged(Delivery delivery, int status, Usage usage, boolean complete) {
        log.append(new TeacherLog.Entry(
                delivery.request.hash(),
                delivery.request.prompt().id(),
                replies.sample(delivery.request),
                delivery.attempt,
                delivery.fault.word(),
                delivery.reply.fault().word(),
                delivery.reply.detail(),
                status,
                usage.promptTokens(),
                usage.completionTokens(),
                complete));
    }
}
