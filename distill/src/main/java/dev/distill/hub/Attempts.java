package dev.distill.hub;

import dev.distill.teacher.ApiKey;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an exchange again as long as it fails for reasons that pass, with pauses as the server wants them. */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final URI endpoint;
    private final ApiKey token;
    private final Patience patience;
    private final BooleanSupplier stop;
    private final Watch watch;

    Attempts(HubSettings settings, Patience patience, BooleanSupplier stop) {
        this.endpoint = settings.endpoint();
        this.token = settings.token();
        this.patience = patience;
        this.stop = stop;
        this.watch = new Watch(patience.idle(), stop);
    }

    /** What the exchange tells that something came. */
    Watch watch() {
        return watch;
    }

    /**
     * Runs the exchange until it succeeds, or fails for good.
     *
     * @param progress bytes that all attempts together have brought: with new ones the count of attempts begins anew
     * @throws HubException if too many attempts in a row brought nothing
     */
    <T> T run(Callable<T> exchange, LongSupplier progress) throws IOException {
        int failures = 0;
        while (true) {
            long before = progress.getAsLong();
            try {
                return watch.run(exchange);
            } catch (PassingException e) {
                failures = progress.getAsLong() > before ? 1 : failures + 1;
                String reason = token.mask(String.valueOf(e.getMessage()));
                if (failures >= patience.attempts()) {
                    throw new HubException(
                            HubException.Kind.UNREACHABLE,
                            "hub: " + endpoint + " does not answer as it should: " + reason + " (" + failures
                                    + (failures == 1 ? " attempt" : " attempts in a row")
                                    + "); what is here is kept, and the same command goes on from there");
                }
                Duration wait = patience.backoff().delay(failures - 1, e.advice(), RandomGenerator.getDefault());
                LOG.warn("hub: {}; asking again in {} s", reason, Math.ceilDiv(wait.toMillis(), 1000L));
                Watch.pause(wait, stop);
            }
        }
    }
}
