package dev.distill.serve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that says what it wants, byte by byte. */
final class RawClient implements AutoCloseable {
    private final Socket socket = new Socket();

    RawClient(URI server) throws IOException {
        this(server, 64 << 10);
    }

    /** @param receiveBuffer of the system: what comes to a client that does not read */
    RawClient(URI server, int receiveBuffer) throws IOException {
        socket.setReceiveBufferSize(receiveBuffer);
        socket.setSoTimeout(15_000);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
    }

    RawClient say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** A POST with this body. */
    static String post(String path, String body, String... headers) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n" + String.join("\r\n", headers)
                + (headers.length == 0 ? "" : "\r\n") + "\r\n" + body;
    }

    /** The bytes that come up to this text, it included; all up to the end where it does not come. */
    String upTo(String mark) throws IOException {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            heard.write(b);
            if (heard.toString(StandardCharsets.UTF_8).endsWith(mark)) {
                break;
            }
        }
        return heard.toString(StandardCharsets.UTF_8);
    }

    /** All that comes until the server ends the connection; a reset ends it too. */
    String rest() throws IOException {
        return new String(restAsBytes(), StandardCharsets.UTF_8);
    }

    byte[] restAsBytes() throws IOException {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(heard);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server keeps the connection; said so far: " + heard, e);
        } catch (IOException e) {
            return heard.toByteArray();
        }
        return heard.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
