package dev.distill.serve;

import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;

/**
 * Takes a whole reply's bytes. A short one is sent with its length; a longer one piece by piece, as its client reads it, so that no more than a few
 * pieces of it lie in memory.
 */
final class WholeBody extends OutputStream {
    private static final int PIECE = 64 << 10;

    private final Pieces pieces;
    private final Supplier<HttpResponse> head;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private boolean begun;

    /** @param head of a reply that comes in pieces */
    WholeBody(Pieces pieces, Supplier<HttpResponse> head) {
        this.pieces = pieces;
        this.head = head;
    }

    @Override
    public void write(int b) throws IOException {
        buffer.write(b);
        sendFull();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        buffer.write(bytes, offset, length);
        sendFull();
    }

    private void sendFull() throws IOException {
        if (buffer.size() >= PIECE) {
            if (!begun) {
                begun = true;
                pieces.begin(head.get());
            }
            pieces.addSlowly(buffer.toByteArray());
            buffer.reset();
        }
    }

    /** All of it was given. */
    void complete() throws IOException {
        if (begun) {
            pieces.addSlowly(buffer.toByteArray());
            pieces.end();
        } else {
            pieces.whole(Replies.whole(200, Replies.JSON, buffer.toByteArray()));
        }
    }
}
