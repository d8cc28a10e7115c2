package dev.distill.serve;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes connections, up to the number that may be open. Of these another machine has no more than are left free: nobody without a key can keep others out. Those of
 * this machine are not told apart, for a proxy is one of them.
 */
final class Reception extends ChannelInitializer<SocketChannel> {
    /** Refused ones that are told so at a time; more are closed without a word. */
    private static final int MOST_TOLD = 64;

    /** For a refused client to read why. */
    private static final long FAREWELL_SECONDS = 2;

    private final Gate gate;
    private final Service service;
    private final ChannelGroup connections;
    private final Shares places;
    private final Shares bodies;
    private final AtomicInteger told = new AtomicInteger();

    Reception(Gate gate, Service service, ChannelGroup connections) {
        this.gate = gate;
        this.service = service;
        this.connections = connections;
        this.places = new Shares(service.limits().connections());
        this.bodies = new Shares(service.limits().bodiesBytes());
        service.metrics().gauge("body_bytes", bodies::all);
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        WireLimits limits = service.limits();
        SocketAddress from = channel.remoteAddress();
        boolean own = isOwn(from);
        String client = Access.address(from);
        if (connections.size() >= limits.connections() || (!own && !places.take(client, 1))) {
            refuse(channel);
            return;
        }
        connections.add(channel);
        if (!own) {
            channel.closeFuture().addListener(_ -> places.give(client, 1));
        }
        BodyShare body = new BodyShare(bodies);
        Wire wire = new Wire();
        Connection connection = new Connection(wire, gate, limits, body, service.metrics());
        channel.pipeline()
                .addLast(wire)
                .addLast(new WriteTimeoutHandler(limits.write().toMillis(), TimeUnit.MILLISECONDS))
                .addLast(connection)
                .addLast(new BodyReader(connection, limits.bodyBytes()))
                .addLast(new Dispatcher(service, body));
    }

    private static boolean isOwn(SocketAddress from) {
        return from instanceof InetSocketAddress internet
                && internet.getAddress() != null
                && internet.getAddress().isLoopbackAddress();
    }

    /** Says why, and closes once that has had time to be read: what a client says meanwhile is not looked at. */
    private void refuse(SocketChannel channel) {
        service.metrics().refused(503);
        if (told.incrementAndGet() > MOST_TOLD) {
            told.decrementAndGet();
            channel.close();
            return;
        }
        channel.closeFuture().addListener(_ -> told.decrementAndGet());
        channel.pipeline().addLast(new HttpResponseEncoder()).addLast(new Farewell());
    }

    private static final class Farewell extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            Channel channel = context.channel();
            context.writeAndFlush(Replies.error(ApiError.crowded())).addListener(_ -> {
                if (channel instanceof SocketChannel socket) {
                    socket.shutdownOutput();
                }
            });
            var clock = context.executor().schedule((Runnable) channel::close, FAREWELL_SECONDS, TimeUnit.SECONDS);
            channel.closeFuture().addListener(_ -> clock.cancel(false));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf) {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
