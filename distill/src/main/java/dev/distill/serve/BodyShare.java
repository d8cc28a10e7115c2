package dev.distill.serve;

/** What the request of one connection has of the memory for bodies that all connections share. For the thread that serves the connection. */
final class BodyShare {
    private final Shares all;
    private String client = "";
    private long bytes;

    /** @param all bytes of bodies that have come and are not read yet */
    BodyShare(Shares all) {
        this.all = all;
    }

    /** @return whether there is memory for so much more of a body */
    boolean take(String who, int more) {
        if (more > 0 && !all.take(who, more)) {
            return false;
        }
        client = who;
        bytes += more;
        return true;
    }

    /** The body is somebody else's from here on. @return to be called once, by any thread, when nothing of it is held any more */
    Runnable handOver() {
        String who = client;
        long held = bytes;
        bytes = 0;
        return () -> {
            if (held > 0) {
                all.give(who, held);
            }
        };
    }
}
