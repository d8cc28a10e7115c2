package dev.distill.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that read requests: JSON, templates, tokens. A client with many large ones holds up the others' by no more than one: next is that of whose client has
 * had fewest bytes read.
 */
final class Readers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

    private final FairQueue<Task> queue;
    private final Semaphore waiting = new Semaphore(0);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    private record Task(int bytes, Runnable work) {}

    /** @param most requests that may wait */
    Readers(int count, int most) {
        this.queue = new FairQueue<>(most);
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().name("serve reading " + i).daemon().start(this::run));
        }
    }

    /**
     * Has a request read.
     *
     * @param work that answers whatever goes wrong in it
     * @throws ApiError if too many wait, or the server is being closed
     */
    void submit(String client, int bytes, Runnable work) throws ApiError {
        if (closed) {
            throw ApiError.stopping();
        }
        if (!queue.offer(client, List.of(new Task(bytes, work)))) {
            throw ApiError.busy("too many requests wait to be read, or too many of yours; try again later", 1);
        }
        waiting.release();
    }

    private void run() {
        while (true) {
            waiting.acquireUninterruptibly();
            List<FairQueue.Head<Task>> heads = queue.heads(_ -> true);
            boolean taken = false;
            for (int i = 0; i < heads.size() && !taken; i++) {
                Task task = heads.get(i).work();
                taken = queue.take(heads.get(i), task.bytes); // another thread may have been faster
                if (taken) {
                    read(task);
                }
            }
            if (!taken && closed) {
                return;
            }
            if (!taken && queue.size() > 0) {
                waiting.release(); // all that were seen are taken, and others are there
            }
        }
    }

    private static void read(Task task) {
        try {
            task.work.run();
        } catch (Throwable e) { // a thread that ended would leave all who come later waiting
            LOG.error("serve: reading a request failed", e);
        }
    }

    /** Takes no more, and waits until what was taken is read: the models are needed until then. */
    @Override
    public void close() {
        closed = true;
        waiting.release(threads.size());
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
