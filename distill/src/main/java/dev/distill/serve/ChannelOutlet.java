package dev.distill.serve;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reply over a connection, piece by piece as its client reads it: {@link Pieces}. A stream whose request waits long says so by comments, that nothing on the
 * way takes it for dead.
 */
final class ChannelOutlet implements Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelOutlet.class);
    private static final long ALIVE_SECONDS = 10;
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);
    private static final String EVENTS = "text/event-stream; charset=utf-8";

    private final Channel channel;
    private final Service service;
    private final boolean chunked;
    private final Pieces pieces;
    private boolean begun;
    private boolean ended;
    private Runnable stopTimer = () -> {};

    /** @param chunked whether the client understands it: HTTP/1.1 */
    ChannelOutlet(Channel channel, Service service, boolean chunked) {
        this.channel = channel;
        this.service = service;
        this.chunked = chunked;
        this.pieces = new Pieces(channel, service.limits().unreadBytes(), service.loop()::wake);
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
        if (!pieces.isWaiting()) { // else it is alive, and does not read
            piece(":\n\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Nobody is there any more: nothing of it is kept. */
    synchronized void abandon() {
        ended = true;
        stopTimer.run();
        pieces.abandon();
    }

    @Override
    public void cutOff() {
        service.metrics().cutOff();
        abandon();
        channel.close();
    }

    @Override
    public boolean isFull() {
        return pieces.isFull();
    }

    @Override
    public synchronized void whole(Json json) {
        ended = true;
        stopTimer.run();
        service.writers().execute(() -> write(json));
    }

    /** Waits for the client to read, where the reply is long. */
    private void write(Json json) {
        try (WholeBody body = new WholeBody(pieces, () -> head(Replies.JSON))) {
            json.writeTo(body);
            body.complete();
        } catch (Pieces.Gone e) {
            LOG.debug("serve: a reply was not read to its end");
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.error("serve: a reply could not be written", e);
            channel.close(); // what it has of it is not the whole
        }
    }

    @Override
    public synchronized void error(ApiError why) {
        if (ended) {
            return;
        }
        if (begun) {
            piece(bytes(out -> out.writeRawValue(why.json().toString())));
            finish();
            return;
        }
        ended = true;
        stopTimer.run();
        channel.writeAndFlush(Replies.error(why));
    }

    @Override
    public boolean event(Json data) {
        return piece(bytes(data));
    }

    private static byte[] bytes(Json data) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        event.writeBytes(DATA);
        event.writeBytes(data.bytes());
        event.writeBytes(END);
        return event.toByteArray();
    }

    private synchronized boolean piece(byte[] bytes) {
        if (ended || !channel.isActive()) {
            return false;
        }
        if (!begun) {
            begun = true;
            channel.write(head(EVENTS));
        }
        pieces.add(bytes);
        return true;
    }

    private HttpResponse head(String type) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        Replies.secure(head, type);
        head.headers().set("X-Accel-Buffering", "no").set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        HttpUtil.setTransferEncodingChunked(head, chunked);
        return head;
    }

    @Override
    public synchronized void end() {
        piece("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        finish();
    }

    private void finish() {
        if (!ended) {
            ended = true;
            stopTimer.run();
            pieces.end();
        }
    }
}
