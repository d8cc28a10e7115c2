package dev.distill.serve;

import java.util.concurrent.ExecutorService;

/**
 * What all connections share.
 *
 * @param writers threads that write whole replies, and wait for their clients
 */
record Service(
        Models models,
        DecodeLoop loop,
        ChatReader chats,
        CompletionReader completions,
        Page page,
        Metrics metrics,
        Readers readers,
        ExecutorService writers,
        WireLimits limits) {

    /** @throws ApiError if the request is wrong */
    Order read(Route route, byte[] body) throws ApiError {
        return route == Route.CHAT ? chats.read(body) : completions.read(body);
    }
}
