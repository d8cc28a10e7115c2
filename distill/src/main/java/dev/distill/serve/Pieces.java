package dev.distill.serve;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The body of a reply on its way to its client. One write is under way at a time, of a few KiB, so that each is a sign of a client that reads, and has a
 * limit of time of its own; what comes meanwhile waits here. Beyond {@code most} bytes the body is full: who makes more of it should wait until
 * half of that has been read.
 *
 * <p>Safe for several threads.
 */
final class Pieces {
    /** Of one write: who reads this much within the limit of time of a write keeps the connection. */
    private static final int WRITE = 16 << 10;

    private final Channel channel;
    private final int most;
    private final Runnable wake;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int offset; // in the first of them
    private long bytes; // of all of them, and of the write that is under way
    private boolean writing;
    private boolean last; // no more comes
    private boolean gone;
    private volatile boolean full;

    /** There is no client any more. */
    static final class Gone extends IOException {
        private static final long serialVersionUID = 1L;
    }

    Pieces(Channel channel, int most, Runnable wake) {
        this.channel = channel;
        this.most = most;
        this.wake = wake;
    }

    boolean isFull() {
        return full;
    }

    /** Whether there is something that the client has not taken. */
    synchronized boolean isWaiting() {
        return bytes > 0;
    }

    /** The head of a reply whose body follows. */
    void begin(HttpResponse head) {
        channel.write(head);
    }

    /** A reply that is small enough for one write. */
    void whole(FullHttpResponse response) {
        channel.writeAndFlush(response);
    }

    synchronized void add(byte[] piece) {
        if (!gone && piece.length > 0) {
            waiting.add(piece);
            bytes += piece.length;
            full |= bytes > most;
            write();
        }
    }

    /** Waits while the body is full. */
    synchronized void addSlowly(byte[] piece) throws IOException {
        try {
            while (full && !gone) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Gone();
        }
        if (gone || !channel.isActive()) {
            throw new Gone();
        }
        add(piece);
    }

    /** The body is over, once all of it is written. */
    synchronized void end() {
        last = true;
        write();
    }

    /** Drops what waits. */
    void abandon() {
        synchronized (this) {
            gone = true;
            waiting.clear();
            bytes = 0;
            full = false;
            notifyAll();
        }
        wake.run();
    }

    private void write() {
        if (writing || gone || !channel.isActive()) {
            return;
        }
        if (waiting.isEmpty()) {
            if (last) {
                gone = true;
                channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            }
            return;
        }
        byte[] next = next();
        writing = true;
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(next)))
                .addListener(_ -> written(next.length));
    }

    /** Up to so much as one write takes. */
    private byte[] next() {
        byte[] next = new byte[(int) Math.min(WRITE, bytes)];
        int filled = 0;
        while (filled < next.length) {
            byte[] first = waiting.element();
            int count = Math.min(first.length - offset, next.length - filled);
            System.arraycopy(first, offset, next, filled, count);
            filled += count;
            offset += count;
            if (offset == first.length) {
                waiting.remove();
                offset = 0;
            }
        }
        return next;
    }

    private void written(int count) {
        boolean caughtUp = false;
        synchronized (this) {
            writing = false;
            if (!gone) {
                bytes -= count;
                if (full && bytes <= most / 2) {
                    full = false;
                    caughtUp = true;
                    notifyAll();
                }
                write();
            }
        }
        if (caughtUp) {
            wake.run();
        }
    }
}
