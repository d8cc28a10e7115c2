package dev.distill.serve;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A reply over a connection. What a client has not read is bounded: beyond that it is cut off, so that one who does not read costs memory
 * of a known size, and no time of the others'. A stream whose request waits long says so by comments, that nothing on the way takes it for dead.
 */
final class ChannelOutlet implements Outlet {
    private static final long ALIVE_SECONDS = 10;

    private final Channel channel;
    private final Metrics metrics;
    private final int most;
    private final boolean chunked;
    private final AtomicLong unread = new AtomicLong();
    private boolean begun;
    private boolean ended;
    private Runnable stopTimer = () -> {};

    /**
     * @param most bytes that may wait to be read
     * @param chunked whether the client understands it: HTTP/1.1
     */
    ChannelOutlet(Channel channel, Metrics metrics, int most, boolean chunked) {
        this.channel = channel;
        this.metrics = metrics;
        this.most = most;
        this.chunked = chunked;
    }

    /** Says from time to time that a stream is alive, until it is over. */
    synchronized void keepAlive() {
        if (!ended) {
            var timer = channel.eventLoop()
                    .scheduleAtFixedRate(this::comment, ALIVE_SECONDS, ALIVE_SECONDS, TimeUnit.SECONDS);
            stopTimer = () -> timer.cancel(false);
        }
    }

    private void comment() {
        channel.eventLoop().execute(() -> piece(":\n\n")); // behind what other threads have given it to write
    }

    /** Nobody is there any more: nothing of it is kept. */
    synchronized void abandon() {
        ended = true;
        stopTimer.run();
    }

    @Override
    public synchronized void whole(String json) {
        ended = true;
        channel.writeAndFlush(Replies.whole(200, Replies.JSON, json.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public synchronized void error(ApiError why) {
        if (ended) {
            return;
        }
        if (begun) {
            piece("data: " + why.json() + "\n\n");
            end();
            return;
        }
        ended = true;
        stopTimer.run();
        channel.writeAndFlush(Replies.error(why));
    }

    @Override
    public boolean event(String data) {
        return piece("data: " + data + "\n\n");
    }

    private synchronized boolean piece(String text) {
        if (ended || !channel.isActive()) {
            return false;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (unread.addAndGet(bytes.length) > most) {
            metrics.cutOff();
            abandon();
            channel.close();
            return false;
        }
        if (!begun) {
            begun = true;
            channel.write(head());
        }
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)))
                .addListener(_ -> unread.addAndGet(-bytes.length));
        return true;
    }

    private HttpResponse head() {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        Replies.secure(head, "text/event-stream; charset=utf-8");
        head.headers().set("X-Accel-Buffering", "no").set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        HttpUtil.setTransferEncodingChunked(head, chunked);
        return head;
    }

    @Override
    public synchronized void end() {
        if (!ended) {
            ended = true;
            stopTimer.run();
            channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }
}
