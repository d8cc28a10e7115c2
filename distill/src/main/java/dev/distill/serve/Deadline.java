package dev.distill.serve;

import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The time until which a connection's next thing is waited for. One at a time; none once the connection is gone, for it would hold on to all of it. */
final class Deadline {
    private final Runnable late;
    private @Nullable ScheduledFuture<?> clock;
    private boolean over;

    /** @param late called when the time has passed */
    Deadline(Runnable late) {
        this.late = late;
    }

    /** In place of the one before. */
    void set(ChannelHandlerContext context, Duration time) {
        cancel();
        if (!over) {
            clock = context.executor().schedule(late, time.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void cancel() {
        if (clock != null) {
            clock.cancel(false);
            clock = null;
        }
    }

    /** There is none any more. */
    void end() {
        over = true;
        cancel();
    }
}
