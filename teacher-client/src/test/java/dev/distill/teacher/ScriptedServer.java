package dev.distill.teacher;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A teacher over real HTTP that does what a test tells it, down to closing the connection in the middle of a chunk. It keeps its
 * own count of what it was asked and what it completed, by request body.
 */
public final class ScriptedServer implements AutoCloseable {
    /** What to answer. */
    @FunctionalInterface
    public interface Script {
        /** Answers one request; {@code attempt} says how many times this very body has been sent, from 1. */
        void answer(String body, int attempt, Answer answer) throws IOException;
    }

    private final ServerSocket listening;
    private final Script script;
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> completed = new ConcurrentHashMap<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger hungUp = new AtomicInteger();
    private volatile Map<String, String> lastHeaders = Map.of();

    public ScriptedServer(Script script) throws IOException {
        this.script = script;
        this.listening = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/v1");
    }

    /** Requests so far, by body. */
    public Map<String, AtomicInteger> asked() {
        return asked;
    }

    /** Replies written to their end so far, by body of the request. */
    public Map<String, AtomicInteger> completed() {
        return completed;
    }

    public int requests() {
        return asked.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** Connections that the client has closed while the server stalled. */
    public int hungUp() {
        return hungUp.get();
    }

    /** Headers of the last request, names in lower case. */
    public Map<String, String> lastHeaders() {
        return lastHeaders;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                Map<String, String> headers = headers(in);
                if (headers.isEmpty()) {
                    return;
                }
                lastHeaders = headers;
                int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
                byte[] sent = in.readNBytes(length);
                if (sent.length < length) {
                    return; // the client died while it asked
                }
                String body = new String(sent, StandardCharsets.UTF_8);
                int attempt =
                        asked.computeIfAbsent(body, b -> new AtomicInteger()).incrementAndGet();
                Answer answer = new Answer(socket, in, body);
                script.answer(body, attempt, answer);
                if (answer.closed) {
                    return;
                }
            }
        } catch (IOException e) {
            // the client went away
        } finally {
            sockets.remove(socket);
        }
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(": ");
            String name = colon < 0 ? "request" : line.substring(0, colon).toLowerCase(Locale.ROOT);
            headers.put(name, colon < 0 ? line : line.substring(colon + 2));
        }
        return headers;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    /** Everything that a server can do to a client. */
    public final class Answer {
        private final Socket socket;
        private final InputStream in;
        private final String body;
        private boolean closed;

        private Answer(Socket socket, InputStream in, String body) {
            this.socket = socket;
            this.in = in;
            this.body = body;
        }

        /** A whole reply that is no stream. Headers as {@code "Name: value"}. */
        public void status(int status, String text, String... headers) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            StringBuilder head =
                    new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Length: " + bytes.length + "\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            raw(head + "\r\n" + text);
        }

        /** The head of a stream. */
        public void stream() throws IOException {
            raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        /** Bytes of the stream, as one chunk. */
        public void chunk(String text) throws IOException {
            raw(Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n");
        }

        /** One event. */
        public void data(String json) throws IOException {
            chunk("data: " + json + "\n\n");
        }

        /** The end of the stream, in order. */
        public void end() throws IOException {
            raw("0\r\n\r\n");
        }

        /** A whole streamed reply in DeepSeek's way, about ten events, in one write. */
        public void reply(String reasoning, String answer, String finish) throws IOException {
            List<String> events = new ArrayList<>();
            for (String piece : pieces(reasoning, 5)) {
                events.add("{\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"" + piece
                        + "\"},\"finish_reason\":null}]}");
            }
            for (String piece : pieces(answer, 2)) {
                events.add("{\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + piece
                        + "\"},\"finish_reason\":null}]}");
            }
            events.add("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + finish + "\"}]}");
            events.add("{\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"prompt_cache_hit_tokens\":8,"
                    + "\"completion_tokens\":50,\"completion_tokens_details\":{\"reasoning_tokens\":40}}}");
            events.add("[DONE]");
            String text = "data: " + String.join("\n\ndata: ", events) + "\n\n";
            raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text
                    + "\r\n0\r\n\r\n");
            if (finish.equals("stop") || finish.equals("length")) {
                completed.computeIfAbsent(body, b -> new AtomicInteger()).incrementAndGet();
            }
        }

        /** Bytes as they are, head and all. */
        public void raw(String text) throws IOException {
            raw(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Bytes as they are. */
        public void raw(byte[] bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        }

        /** Closes the connection, wherever the reply stands. */
        public void cut() throws IOException {
            closed = true;
            socket.close();
        }

        /** Says nothing more until the client hangs up or the server is closed. */
        public void stall() throws IOException {
            closed = true;
            try {
                if (in.read() < 0 && closed() > 0) {
                    hungUp.incrementAndGet();
                }
            } catch (IOException e) {
                hungUp.incrementAndGet();
            }
        }
    }

    private long closed() {
        return closed.getCount();
    }

    private static List<String> pieces(String text, int n) {
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            pieces.add(text.substring(text.length() * i / n, text.length() * (i + 1) / n));
        }
        return pieces;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
