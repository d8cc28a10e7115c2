package dev.distill.teacher.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demo's teacher, listening on loopback: {@code POST /chat/completions}, {@code GET /models}, both also under {@code /v1}.
 *
 * <p>One virtual thread a connection. The JDK's own HTTP server is not used because it properly ends every reply, also one
 * that is to be cut in the middle.
 */
public final class EmbeddedTeacher implements AutoCloseable {
    /** The name of its model. */
    public static final String MODEL = "embedded-reasoner";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedTeacher.class);
    private static final int BACKLOG = 1024;

    private final ServerSocket server;
    private final TeacherLog log;
    private final Service service;
    private final Map<Socket, Thread> open = new ConcurrentHashMap<>();

    private EmbeddedTeacher(ServerSocket server, TeacherLog log, TeacherConfig config) {
        this.server = server;
        this.log = log;
        this.service = new Service(config, log);
    }

    /** Starts it. Throws {@link IOException} where the port is in use or the log cannot be written. */
    public static EmbeddedTeacher start(TeacherConfig config) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.bind(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), config.port()), BACKLOG);
            EmbeddedTeacher teacher = new EmbeddedTeacher(server, TeacherLog.open(config.log()), config);
            Thread.ofVirtual().name("embedded-teacher").start(teacher::accept);
            return teacher;
        } catch (BindException e) {
            server.close();
            throw new IOException(
                    "embedded teacher: port " + config.port()
                            + " on 127.0.0.1 is in use; choose another one, or 0 for any free one",
                    e);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /** Where a client finds it: {@code http://127.0.0.1:PORT/v1}. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
    }

    /** What it has served so far. */
    public TeacherLog log() {
        return log;
    }

    /** Stops listening, drops all connections and closes the log; a second call does nothing. */
    @Override
    public void close() throws IOException {
        server.close();
        for (Map.Entry<Socket, Thread> connection : open.entrySet()) {
            connection.getKey().close();
            connection.getValue().interrupt();
        }
        for (Thread thread : open.values()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        log.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread thread = Thread.ofVirtual().unstarted(() -> converse(socket));
                open.put(socket, thread);
                if (server.isClosed()) {
                    socket.close();
                }
                thread.start();
            } catch (IOException e) {
                if (!server.isClosed()) {
                    LOG.warn("embedded teacher: a connection could not be accepted", e);
                }
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
            HttpResponse out = new HttpResponse(socket.getOutputStream());
            boolean goOn = true;
            while (goOn) {
                goOn = answerNext(in, out);
            }
        } catch (UncheckedIOException e) {
            LOG.error("embedded teacher: a reply was not sent, for it could not be logged", e);
        } catch (IOException e) {
            LOG.debug("embedded teacher: a connection ended: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    /** Reads and answers one request; returns whether the connection is still good for another. */
    private boolean answerNext(BufferedInputStream in, HttpResponse out) throws IOException, InterruptedException {
        try {
            Optional<HttpRequest> request = HttpRequest.read(in);
            return request.isPresent()
                    && service.answer(request.get(), out)
                    && request.get().keepAlive();
        } catch (Refused e) {
            // The request was not read to its end, so nothing more can be read here.
            service.refuse(e, out);
            return false;
        }
    }
}
