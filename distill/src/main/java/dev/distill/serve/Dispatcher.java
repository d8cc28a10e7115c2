package dev.distill.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.WriteTimeoutException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a connection's requests, one after the other. What takes time is done by other threads than the one that serves connections. */
final class Dispatcher extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** Said by {@link Connection} when a request is read and answered. */
    static final Object NEXT = new Object();

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Service service;
    private final BodyShare body;
    private @Nullable Ticket ticket;

    /** @param body what the request that comes here has of the memory for bodies */
    Dispatcher(Service service, BodyShare body) {
        this.service = service;
        this.body = body;
    }

    /** A request whose client may go before it is even read. */
    private static final class Ticket {
        final long arrival = System.nanoTime();
        private Runnable whenGone = () -> {};
        private boolean gone;

        synchronized void whenGone(Runnable listener) {
            if (gone) {
                listener.run();
            } else {
                whenGone = listener;
            }
        }

        synchronized void gone() {
            gone = true;
            whenGone.run();
        }

        synchronized boolean isGone() {
            return gone;
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        Channel channel = context.channel();
        Route route = channel.attr(Connection.ROUTE).get();
        switch (route) {
            case PAGE -> channel.writeAndFlush(service.page().response());
            case HEALTH -> channel.writeAndFlush(health());
            case METRICS ->
                channel.writeAndFlush(Replies.whole(
                        200, Metrics.TYPE, service.metrics().text().getBytes(StandardCharsets.UTF_8)));
            case MODELS -> channel.writeAndFlush(json(service.models().list()));
            case MODEL -> channel.writeAndFlush(model(request.uri()));
            case CHAT, COMPLETIONS -> ask(channel, route, request);
        }
    }

    private FullHttpResponse health() {
        String state = service.loop().state();
        return Replies.whole(
                service.loop().isOpen() ? 200 : 503,
                Replies.JSON,
                ("{\"status\":\"" + state + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private FullHttpResponse model(String uri) {
        try {
            return json(service.models().entry(service.models().lane(Route.model(uri))));
        } catch (ApiError e) {
            return Replies.error(e);
        } catch (IllegalArgumentException e) {
            return Replies.error(ApiError.invalid("model", "the path is not well-formed"));
        }
    }

    private static FullHttpResponse json(ObjectNode node) {
        return Replies.whole(200, Replies.JSON, node.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void ask(Channel channel, Route route, FullHttpRequest request) {
        byte[] bytes = ByteBufUtil.getBytes(request.content());
        Runnable read = body.handOver();
        boolean modern = !request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        String client = channel.attr(Connection.CLIENT).get();
        ChannelOutlet outlet = new ChannelOutlet(channel, service, modern);
        Ticket mine = new Ticket();
        ticket = mine;
        try {
            service.readers().submit(client, bytes.length, () -> {
                try {
                    read(mine, route, bytes, client, outlet);
                } finally {
                    read.run();
                }
            });
        } catch (ApiError e) {
            read.run();
            refuse(outlet, e);
        }
    }

    private void read(Ticket mine, Route route, byte[] body, String client, ChannelOutlet outlet) {
        if (mine.isGone()) {
            service.metrics().cancelled();
            return;
        }
        try {
            service.loop().requireOpen();
            Order order = service.read(route, body);
            boolean stream = order.common().stream();
            ReplySink sink = stream ? new StreamedReply(order, outlet) : new WholeReply(order, outlet);
            Job job = new Job(order, client, sink, service.metrics(), mine.arrival);
            service.loop().submit(job);
            if (stream) {
                outlet.keepAlive();
            }
            mine.whenGone(() -> {
                job.cancel();
                order.lane().forget(job);
                outlet.abandon();
                service.loop().wake(); // a row that waits for this reader is to end
            });
        } catch (ApiError e) {
            refuse(outlet, e);
        } catch (Throwable e) { // whatever it was, its client is told
            LOG.error("serve: a request could not be read", e);
            refuse(outlet, ApiError.internal());
        }
    }

    private void refuse(Outlet outlet, ApiError why) {
        service.metrics().refused(why.status());
        outlet.error(why);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event == NEXT) {
            ticket = null;
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        if (ticket != null) {
            ticket.gone();
        }
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        switch (cause) {
            case WriteTimeoutException unread -> service.metrics().cutOff();
            case IOException gone -> LOG.debug("serve: a connection ended: {}", gone.toString());
            case PrematureChannelClosureException gone -> LOG.debug("serve: a request was not said to its end");
            default -> LOG.warn("serve: a connection failed: {}", Objects.toString(cause));
        }
        context.close();
    }
}
