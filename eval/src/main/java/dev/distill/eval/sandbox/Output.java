package dev.distill.eval.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Takes what a program writes, up to a limit, on a thread of its own: one of the platform, for reading a pipe holds a carrier of virtual ones. */
final class Output {
    private static final int BUFFER = 1 << 16;

    private final InputStream from;
    private final long most;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final Thread thread;
    private volatile boolean overflown;

    private Output(InputStream from, long most) {
        this.from = from;
        this.most = most;
        this.thread = Thread.ofPlatform().daemon().unstarted(this::take);
    }

    static Output of(InputStream from, long most) {
        Output output = new Output(from, most);
        output.thread.start();
        return output;
    }

    private void take() {
        byte[] buffer = new byte[BUFFER];
        try (from) {
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                int room = (int) Math.min(count, most - taken.size());
                taken.write(buffer, 0, room);
                if (room < count) {
                    overflown = true;
                    return; // the pipe closes, and the program is ended
                }
            }
        } catch (IOException e) {
            return; // the pipe was closed from outside
        }
    }

    boolean overflown() {
        return overflown;
    }

    /** Everything, once the program is gone. */
    byte[] all() throws InterruptedException {
        thread.join();
        return taken.toByteArray();
    }
}
