package dev.distill.serve;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: lets through what may be asked, before its body is read, and refuses the rest; watches the clock from the first byte to
 * the last. One request at a time: a second one before the first is answered ends the connection after that answer.
 */
final class Connection extends ChannelDuplexHandler {
    /** Who sent the request that is being answered. */
    static final AttributeKey<String> CLIENT = AttributeKey.valueOf(Connection.class, "client");

    /** What it asks for. */
    static final AttributeKey<Route> ROUTE = AttributeKey.valueOf(Connection.class, "route");

    /** A refused body is read to its end, up to so many times the most that one may have, so that the refusal is read too. */
    private static final int PATIENCE = 4;

    private final Gate gate;
    private final WireLimits limits;
    private final Metrics metrics;
    private @Nullable ScheduledFuture<?> clock;
    private boolean underWay; // a request: its head has come
    private boolean received; // all of it
    private boolean answered; // all of its answer is written
    private boolean refused; // its body is of no interest
    private boolean last; // nothing more is read after its answer
    private long discarded;

    Connection(Gate gate, WireLimits limits, Metrics metrics) {
        this.gate = gate;
        this.limits = limits;
        this.metrics = metrics;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        within(context, limits.head());
        super.channelActive(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        stopClock();
        super.channelInactive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof HttpRequest head) {
            head(context, head);
        } else if (message instanceof HttpContent content) {
            content(context, content);
        } else {
            super.channelRead(context, message);
        }
    }

    private void head(ChannelHandlerContext context, HttpRequest head) {
        if (underWay) {
            last = true;
            context.channel().config().setAutoRead(false);
            ReferenceCountUtil.release(head);
            return;
        }
        underWay = true;
        received = false;
        answered = false;
        refused = false;
        discarded = 0;
        last = !HttpUtil.isKeepAlive(head);
        within(context, limits.body());
        try {
            if (head.decoderResult().isFailure()) {
                last = true;
                received = true; // nothing more of it can be read
            }
            Gate.Admitted admitted = gate.admit(head, context.channel().remoteAddress());
            context.channel().attr(CLIENT).set(admitted.client());
            context.channel().attr(ROUTE).set(admitted.route());
            context.fireChannelRead(head);
        } catch (ApiError e) {
            ReferenceCountUtil.release(head);
            refuse(context, e);
        }
    }

    /** A body without a length has turned out to be too long. */
    void refuseTooLarge(ChannelHandlerContext context) {
        last = true;
        refuse(context, gate.tooLarge());
    }

    private void refuse(ChannelHandlerContext context, ApiError why) {
        refused = true;
        metrics.refused(why.status());
        context.channel().writeAndFlush(Replies.error(why));
    }

    private void content(ChannelHandlerContext context, HttpContent content) {
        boolean end = content instanceof LastHttpContent;
        if (content.decoderResult().isFailure() && !refused && underWay && !received) {
            last = true;
            end = true;
            refuse(context, ApiError.http(400, "bad_http", "the body's chunks cannot be read"));
        }
        if (!underWay || received || refused) {
            discarded += content.content().readableBytes();
            ReferenceCountUtil.release(content);
            if (discarded > (long) PATIENCE * limits.bodyBytes()) {
                context.close();
            }
        } else {
            context.fireChannelRead(content);
        }
        if (end && underWay && !received) {
            received = true;
            stopClock();
            next(context);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response && !isInformational(response)) {
            last |= response.protocolVersion().equals(HttpVersion.HTTP_1_0)
                    || (!HttpUtil.isContentLengthSet(response) && !HttpUtil.isTransferEncodingChunked(response));
            if (last) {
                response.headers().set(HttpHeaderNames.CONNECTION, "close");
            }
        }
        if (message instanceof LastHttpContent
                && !(message instanceof HttpResponse response && isInformational(response))) {
            super.write(context, message, promise.unvoid().addListener(_ -> {
                answered = true;
                next(context);
            }));
        } else {
            super.write(context, message, promise);
        }
    }

    private static boolean isInformational(HttpResponse response) {
        return response.status().equals(HttpResponseStatus.CONTINUE);
    }

    /** The next request may come, once this one is read and answered. */
    private void next(ChannelHandlerContext context) {
        if (!underWay || !received || !answered) {
            return;
        }
        if (last) {
            context.close();
            return;
        }
        underWay = false;
        within(context, limits.idle());
        context.fireUserEventTriggered(Dispatcher.NEXT);
    }

    private void within(ChannelHandlerContext context, Duration time) {
        stopClock();
        clock = context.executor().schedule((Runnable) () -> late(context), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void late(ChannelHandlerContext context) {
        if (underWay && !received && !refused) {
            last = true;
            received = true;
            refuse(context, ApiError.http(408, "request_timeout", "the request did not come in time"));
        } else {
            context.close();
        }
    }

    private void stopClock() {
        if (clock != null) {
            clock.cancel(false);
            clock = null;
        }
    }
}
