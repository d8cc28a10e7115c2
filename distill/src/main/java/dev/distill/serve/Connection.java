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
import java.util.Set;

/**
 * One client's connection: lets through what may be asked, before its body is read, and refuses the rest; watches the clock from the first byte to
 * the last. One request at a time: a second one before the first is answered is not looked at, and ends the connection after that answer.
 */
final class Connection extends ChannelDuplexHandler {
    /** Who sent the request that is being answered. */
    static final AttributeKey<String> CLIENT = AttributeKey.valueOf(Connection.class, "client");

    /** What it asks for. */
    static final AttributeKey<Route> ROUTE = AttributeKey.valueOf(Connection.class, "route");

    /** Told to a connection when the server is being closed: it ends with the answer that is under way. */
    static final Object CLOSING = new Object();

    /** After these a client's words may be taken for something else than it meant, or it has shown no key. */
    private static final Set<Integer> ENDING = Set.of(400, 401, 417, 501);

    /** A refused body is read to its end, up to so many times the most that one may have, so that the refusal is read too. */
    private static final int PATIENCE = 4;

    private final Wire wire;
    private final Gate gate;
    private final WireLimits limits;
    private final BodyShare body;
    private final Metrics metrics;
    private Deadline deadline = new Deadline(() -> {});
    private boolean underWay; // a request: its head has come
    private boolean received; // all of it
    private boolean answered; // all of its answer is written
    private boolean refused; // its body is of no interest
    private boolean last; // nothing more is read after its answer
    private boolean extra; // another request has come before this one is answered
    private boolean known; // its client has shown its key, or need not
    private long discarded;

    Connection(Wire wire, Gate gate, WireLimits limits, BodyShare body, Metrics metrics) {
        this.wire = wire;
        this.gate = gate;
        this.limits = limits;
        this.body = body;
        this.metrics = metrics;
        this.known = !gate.needsKey();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        deadline = new Deadline(() -> late(context));
        within(context, limits.head());
        super.channelActive(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        deadline.end();
        body.handOver().run();
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
        wire.settled();
        if (underWay) {
            last = true;
            extra = true; // dropped, but read, so that the client's going is seen
            ReferenceCountUtil.release(head);
            return;
        }
        wire.answers(head);
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
            known |= !admitted.client().isEmpty();
            context.channel().attr(CLIENT).set(admitted.client());
            context.channel().attr(ROUTE).set(admitted.route());
            context.fireChannelRead(head);
        } catch (ApiError e) {
            ReferenceCountUtil.release(head);
            last |= ENDING.contains(e.status());
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
        if (extra) {
            discard(context, content);
            return;
        }
        boolean end = content instanceof LastHttpContent;
        if (content.decoderResult().isFailure() && !refused && underWay && !received) {
            last = true;
            end = true;
            refuse(context, ApiError.http(400, "bad_http", "the body's chunks cannot be read"));
        }
        if (!underWay || received || refused) {
            discard(context, content);
        } else if (body.take(
                context.channel().attr(CLIENT).get(), content.content().readableBytes())) {
            context.fireChannelRead(content);
        } else {
            ReferenceCountUtil.release(content);
            last = true; // what has come of it is not put together any more
            refuse(context, ApiError.busy("too much is being said to this server, or by you; try again later", 1));
        }
        if (end && underWay && !received) {
            received = true;
            deadline.cancel();
            next(context);
        }
    }

    private void discard(ChannelHandlerContext context, HttpContent content) {
        discarded += content.content().readableBytes();
        ReferenceCountUtil.release(content);
        if (discarded > (long) PATIENCE * limits.bodyBytes()) {
            context.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == CLOSING) {
            last = true;
            if (!underWay) {
                context.close();
            }
        }
        super.userEventTriggered(context, event);
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
        body.handOver().run(); // of a request that nobody reads a body of
        if (last) {
            context.close();
            return;
        }
        underWay = false;
        wire.settled();
        within(context, known ? limits.idle() : limits.head());
        context.fireUserEventTriggered(Dispatcher.NEXT);
    }

    private void within(ChannelHandlerContext context, Duration time) {
        deadline.set(context, time);
    }

    private void late(ChannelHandlerContext context) {
        boolean half = underWay ? !received && !refused : wire.isBegun();
        if (half) {
            underWay = true;
            last = true;
            received = true;
            refuse(context, ApiError.http(408, "request_timeout", "the request did not come in time"));
        } else {
            context.close();
        }
    }
}
