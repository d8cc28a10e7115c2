package dev.distill.teacher.wire;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/** How far a request got, which decides whether its provider may charge for it (docs/cli.md, Teachers). */
final class Sending {
    private static final int UNAVAILABLE = 503;

    /** What a gateway says that has waited in vain, and behind which the work may go on: HTTP's own, and Cloudflare's. */
    private static final int GATEWAY_TIMEOUT = 504;

    private static final int CLOUDFLARE_TIMEOUT = 524;

    private final boolean streamed;
    private volatile boolean begun;

    /** @param streamed whether the reply is asked for as it is written: then its head comes before its first word, and not after its last */
    Sending(boolean streamed) {
        this.streamed = streamed;
    }

    /** These bytes; notes when the client begins to send them, on a connection that stands. */
    BodyPublisher body(byte[] bytes) {
        BodyPublisher whole = BodyPublishers.ofByteArray(bytes);
        return BodyPublishers.fromPublisher(
                subscriber -> {
                    begun = true;
                    whole.subscribe(subscriber);
                },
                bytes.length);
    }

    /**
     * Whether nothing is charged: the request was not sent, or was refused by the status of the reply.
     *
     * @param status of the reply; 0 where none has come
     */
    boolean isFree(int status) {
        if (!begun || (status >= 300 && status < 500) || status == UNAVAILABLE) {
            return true;
        }
        return streamed && status >= 500 && status != GATEWAY_TIMEOUT && status != CLOUDFLARE_TIMEOUT;
    }
}
