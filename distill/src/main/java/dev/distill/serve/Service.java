package dev.distill.serve;

/** What all connections share. */
record Service(
        Models models,
        DecodeLoop loop,
        ChatReader chats,
        CompletionReader completions,
        Page page,
        Metrics metrics,
        Readers readers,
        WireLimits limits) {

    /** @throws ApiError if the request is wrong */
    Order read(Route route, byte[] body) throws ApiError {
        return route == Route.CHAT ? chats.read(body) : completions.read(body);
    }
}
