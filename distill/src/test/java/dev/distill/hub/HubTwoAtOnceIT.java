package dev.distill.hub;

import static dev.distill.hub.ScriptedHub.REPOSITORY;
import static dev.distill.hub.TinyModel.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two fetches of one model at a time: each byte comes once. Between processes, see CacheLockTest and the command's IT. */
class HubTwoAtOnceIT {
    private static final HubId ID = HubId.parse(REPOSITORY).orElseThrow();

    @TempDir
    Path cache;

    private final Map<String, byte[]> files = TinyModel.files(4);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch waiting = new CountDownLatch(1);

    @Test
    @Timeout(30)
    void whoComesSecondWaitsAndUsesWhatTheFirstBrought() throws Exception {
        try (ScriptedHub server = new ScriptedHub(files)) {
            CompletableFuture<Hub.Fetched> first = start(server, new Listener() {
                @Override
                public void fetched(String file, long done) {
                    if (file.equals(WEIGHTS)) {
                        begun.countDown();
                        await(waiting); // in the middle of the weights, until the other has met the lock
                    }
                }
            });
            begun.await();
            CompletableFuture<Hub.Fetched> second = start(server, new Listener() {
                @Override
                public void waiting(String file) {
                    assertThat(file).isEqualTo(WEIGHTS);
                    waiting.countDown();
                }
            });
            assertThat(second.get()).isEqualTo(first.get());
            assertThat(waiting.getCount()).isZero();
            assertThat(first.get().path().resolve(WEIGHTS)).hasBinaryContent(TinyModel.content(files, WEIGHTS));
            long sent = server.contents().stream()
                    .filter(request -> !request.path().startsWith("/api/models/"))
                    .mapToLong(ScriptedHub.Request::sent)
                    .sum();
            assertThat(sent).isEqualTo(TinyModel.neededBytes(files));
        }
    }

    private CompletableFuture<Hub.Fetched> start(ScriptedHub server, HubListener listener) {
        CompletableFuture<Hub.Fetched> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(server.client(cache).fetch(ID, listener, () -> false));
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(4, TimeUnit.SECONDS)).isTrue(); // less than the client's patience
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static class Listener implements HubListener {
        @Override
        public void begin(HubId id, long bytes, long done) {}

        @Override
        public void fetched(String file, long done) {}

        @Override
        public void waiting(String file) {}
    }
}
