package dev.distill.serve;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Serves models in the words of OpenAI's API until it is closed: docs/cli.md, serve. */
public final class Server implements AutoCloseable {
    private static final int IO_THREADS = 2;
    private static final int BACKLOG = 1024;

    /** Requests that wait to be read, beside those that wait to be answered: those of all connections that there may be, of one client alone. */
    private static final int UNREAD = 2;

    /** For answers that are there to be read by their clients, beyond the grace. */
    private static final long FLUSH_SECONDS = 5;

    /** The system's buffer of what is sent: more is of no use to a text that comes token by token, and hides who does not read. */
    private static final int SEND_BUFFER = 64 << 10;

    private final EventLoopGroup io;
    private final Readers readers;
    private final ExecutorService writers;
    private final DecodeLoop loop;
    private final Metrics metrics;
    private final WireLimits limits;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listener;
    private final String host;

    private Server(EventLoopGroup io, Service service, Listening where) {
        this.io = io;
        this.readers = service.readers();
        this.writers = service.writers();
        this.loop = service.loop();
        this.metrics = service.metrics();
        this.limits = service.limits();
        this.host = where.host();
        this.listener = listen(where, service);
    }

    /**
     * Begins to serve.
     *
     * @param models the first is the one that is asked where a request names none; their students stay the caller's
     * @throws IllegalArgumentException if the port cannot be listened at, or the cache has no room for one row
     */
    public static Server start(List<ServedModel> models, Batching batching, Listening where, WireLimits limits) {
        Metrics metrics = new Metrics();
        List<Lane> lanes = new ArrayList<>();
        Models named;
        try {
            for (ServedModel model : models) {
                lanes.add(new Lane(model, batching, batching.cacheBytes() / models.size(), metrics));
            }
            named = new Models(lanes);
        } catch (RuntimeException | OutOfMemoryError e) {
            lanes.forEach(Lane::close);
            throw e;
        }
        CommonReader common = new CommonReader(named, batching);
        Readers readers =
                new Readers(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), UNREAD * limits.connections());
        Service service = new Service(
                named,
                new DecodeLoop(lanes),
                new ChatReader(common),
                new CompletionReader(common),
                new Page(),
                metrics,
                readers,
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("serve writing ", 0).factory()),
                limits);
        metrics.gauge(
                "queued_rows", () -> lanes.stream().mapToInt(Lane::waiting).sum());
        metrics.gauge("slots", () -> (long) batching.slots() * lanes.size());
        EventLoopGroup io = new MultiThreadIoEventLoopGroup(
                IO_THREADS, new DefaultThreadFactory("serve io", true), NioIoHandler.newFactory());
        try {
            return new Server(io, service, where);
        } catch (IllegalArgumentException e) {
            service.loop().close();
            readers.close();
            service.writers().shutdownNow();
            io.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    private Channel listen(Listening where, Service service) {
        Gate gate = new Gate(new Access(where.keys(), where.names()), limits.bodyBytes());
        metrics.gauge("connections", connections::size);
        ChannelFuture bound = new ServerBootstrap()
                .group(io)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER)
                .childHandler(new Reception(gate, service, connections))
                .bind(where.socket())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IllegalArgumentException(
                    "--port " + where.port() + ": cannot be listened at ("
                            + bound.cause().getMessage() + "); give another, or 0 for any",
                    bound.cause());
        }
        return bound.channel();
    }

    /** Where it is: {@code http://127.0.0.1:8080}. */
    public URI uri() {
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }

    /**
     * What it has done so far.
     *
     * @param requests by what became of them: {@code answered}, {@code cancelled}, {@code status_429} ...
     */
    public record Totals(Map<String, Long> requests, long promptTokens, long newTokens) {}

    public Totals totals() {
        return new Totals(metrics.requests(), metrics.promptTokens(), metrics.newTokens());
    }

    /** Takes no more, lets what is under way end within the grace, and cuts off the rest. After it the models may be closed. */
    @Override
    public void close() {
        loop.stop(limits.grace()); // connections are still served: with 503
        listener.close().awaitUninterruptibly();
        readers.close();
        // what is answered may be on its way
        connections.forEach(connection -> connection.pipeline().fireUserEventTriggered(Connection.CLOSING));
        connections.newCloseFuture().awaitUninterruptibly(FLUSH_SECONDS, TimeUnit.SECONDS);
        connections.close().awaitUninterruptibly();
        end(writers);
        io.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** They read tokens' texts, which are the models'. */
    private static void end(ExecutorService writers) {
        writers.shutdownNow(); // who waits for a client wakes up, and there is none
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = writers.awaitTermination(FLUSH_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
