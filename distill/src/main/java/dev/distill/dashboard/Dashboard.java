package dev.distill.dashboard;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves the page over a folder of runs on loopback, until it is closed: the page and its parts at fixed paths, {@code /events}
 * with what the runs' files hold and what is added to them, {@code /trace} with one trace that a curation looked at, {@code /report} with the page of an evaluation,
 * {@code /metrics} for Prometheus. No path of a request is ever taken for a
 * path of a file.
 */
public final class Dashboard implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads;
    private final Closing closing;

    private Dashboard(HttpServer server, ExecutorService threads, Closing closing) {
        this.server = server;
        this.threads = threads;
        this.closing = closing;
    }

    /**
     * Begins to serve.
     *
     * @param folder of one run or of several
     * @param port 0 for one that is free
     */
    public static Dashboard start(Path folder, int port) throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        HttpServer server = bind(port);
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("dashboard ", 0).factory());
        Closing closing = new Closing();
        RunsFolder runs = new RunsFolder(folder);
        server.setExecutor(threads);
        Guard.mount(server, "/", new PageHandler());
        Guard.mount(server, "/events", new EventsHandler(runs, closing));
        Guard.mount(server, "/trace", new TraceHandler(runs));
        Guard.mount(server, "/report", new ReportHandler(runs));
        Guard.mount(server, "/metrics", new PrometheusHandler(runs));
        server.start();
        return new Dashboard(server, threads, closing);
    }

    private static HttpServer bind(int port) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (BindException e) {
            throw new IllegalArgumentException(
                    "--port " + port + ": cannot be listened at (" + e.getMessage() + "); give another, or 0 for any",
                    e);
        }
    }

    /** Where the page is. */
    public URI uri() {
        InetSocketAddress address = server.getAddress();
        return URI.create("http://127.0.0.1:" + address.getPort() + "/");
    }

    @Override
    public void close() {
        closing.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
