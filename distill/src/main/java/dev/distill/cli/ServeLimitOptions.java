package dev.distill.cli;

import dev.distill.serve.Batching;
import dev.distill.serve.WireLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What a server gives to all of its clients, and to one. */
final class ServeLimitOptions {
    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Texts written at a time, of each model (${DEFAULT-VALUE}).")
    int batch;

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "256",
            description = "Texts that wait at most; more are told to come back (429). A client may have as many as are"
                    + " left free (${DEFAULT-VALUE}).")
    int queue;

    @Option(
            names = "--context",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Tokens of prompt and answer at most; 0 for all that the model takes and the cache has room for"
                            + " (${DEFAULT-VALUE}).")
    int context;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Tokens of an answer at most, also where more are asked for, and where a chat does not say"
                    + " (${DEFAULT-VALUE}).")
    int maxNewTokens;

    @Option(
            names = "--choices",
            paramLabel = "N",
            defaultValue = "64",
            description = "Answers to one request at most (${DEFAULT-VALUE}).")
    int choices;

    @Option(
            names = "--cache",
            paramLabel = "SIZE",
            defaultValue = "4GiB",
            converter = Size.class,
            description = "Memory for keys and values of all models (${DEFAULT-VALUE}).")
    long cache;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "1024",
            description = "Connections that are open at a time (${DEFAULT-VALUE}).")
    int connections;

    @Option(
            names = "--grace",
            paramLabel = "S",
            defaultValue = "10",
            description = "Seconds that answers under way have after Ctrl-C (${DEFAULT-VALUE}).")
    int grace;

    void check(Problems problems) {
        problems.least("--batch", batch, 1)
                .least("--queue", queue, 1)
                .least("--context", context, 0)
                .least("--max-new-tokens", maxNewTokens, 1)
                .least("--choices", choices, 1)
                .least("--connections", connections, 1)
                .least("--grace", grace, 0);
    }

    Batching batching() {
        return new Batching(batch, queue, context, maxNewTokens, choices, cache);
    }

    WireLimits wire() {
        WireLimits standard = WireLimits.STANDARD;
        return new WireLimits(
                connections,
                standard.bodyBytes(),
                standard.bodiesBytes(),
                standard.head(),
                standard.body(),
                standard.idle(),
                standard.write(),
                standard.unreadBytes(),
                Duration.ofSeconds(grace));
    }
}
