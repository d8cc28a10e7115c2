package dev.distill.respond;

import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Received;
import dev.distill.teacher.TeacherRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A request to a {@link LocalTeacher} on its way. */
final class LocalRequest {
    final TeacherRequest request;
    final int[] ids;
    final int topK;
    final ReplyStream stream;
    final CompletableFuture<Exchange> exchange = new CompletableFuture<>();
    long took; // nanoseconds: its share of the clock, without the time in which it waited for a slot

    LocalRequest(TeacherRequest request, int[] ids, int topK, ReplyStream stream) {
        this.request = request;
        this.ids = ids;
        this.topK = topK;
        this.stream = stream;
    }

    int length() {
        return (int) Math.min(
                Integer.MAX_VALUE, (long) ids.length + request.sampling().maxTokens());
    }

    void end(Outcome outcome, Received received) {
        exchange.complete(new Exchange(outcome, received, Duration.ofNanos(took)));
    }
}
