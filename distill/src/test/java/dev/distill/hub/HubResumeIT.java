package dev.distill.hub;

import static dev.distill.hub.ScriptedHub.COMMIT;
import static dev.distill.hub.ScriptedHub.HASTY;
import static dev.distill.hub.ScriptedHub.REPOSITORY;
import static dev.distill.hub.TinyModel.WEIGHTS;
import static dev.distill.hub.TinyModel.WEIGHT_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.hub.HubException.Kind;
import dev.distill.hub.ScriptedHub.Fault;
import dev.distill.hub.ScriptedHub.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetches that break off, and how they go on. */
class HubResumeIT {
    private static final HubId ID = HubId.parse(REPOSITORY).orElseThrow();
    private static final String ON_CDN = "cdn /" + WEIGHTS;
    private static final String LIST = "hub /api/models/tiny/student/revision/main";

    @TempDir
    Path cache;

    private final Map<String, byte[]> files = TinyModel.files(2);
    private ScriptedHub server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedHub(files);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path fetch() throws IOException {
        return server.client(cache).fetch(ID, HubListener.NONE, () -> false).path();
    }

    private List<Request> weights() {
        return server.log().stream()
                .filter(request -> request.host().equals("cdn"))
                .toList();
    }

    private Path incomplete() {
        return cache.resolve("models--tiny--student/blobs").resolve(TinyModel.etag(files, WEIGHTS) + ".incomplete");
    }

    /** What a reader that is held up may lose of what was sent, for a cut drops what the system has not yet handed out. */
    private static final long UNREAD = 128 << 10;

    @Test
    void aCutConnectionGoesOnWhereItWasCut() throws IOException {
        server.next(ON_CDN, new Fault.Cut(300_000), new Fault.Cut(500_001));
        assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(TinyModel.content(files, WEIGHTS));

        List<Long> from = weights().stream().map(Request::from).toList();
        assertThat(from).hasSize(3).first().isEqualTo(0L);
        assertThat(from.get(1)).isBetween(300_000L - UNREAD, 300_000L);
        assertThat(from.get(2)).isBetween(from.get(1) + 500_001 - UNREAD, from.get(1) + 500_001);
        assertThat(weights().stream().mapToLong(Request::sent).sum())
                .isBetween((long) WEIGHT_BYTES, WEIGHT_BYTES + 2 * UNREAD);
    }

    @Test
    void anotherProcessGoesOnWhereOneEnded() throws IOException {
        server.next(ON_CDN, new Fault.Stall(400_000));
        BooleanSupplier stop = () -> incompleteBytes() == 400_000;
        assertThatThrownBy(() -> server.client(cache).fetch(ID, HubListener.NONE, stop))
                .isInstanceOf(Hub.StoppedException.class)
                .hasMessage("hub: stopped; what has come is kept, and the same command goes on from there");
        assertNothingLooksWhole();

        assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(TinyModel.content(files, WEIGHTS));
        assertThat(weights()).extracting(Request::from).containsExactly(0L, 400_000L);
        assertThat(incomplete()).doesNotExist();
    }

    private long incompleteBytes() {
        try {
            return Files.exists(incomplete()) ? Files.size(incomplete()) : 0;
        } catch (IOException e) {
            return 0; // it has just become whole
        }
    }

    private void assertNothingLooksWhole() {
        Path model = cache.resolve("models--tiny--student");
        assertThat(model.resolve("refs/main")).doesNotExist();
        assertThat(model.resolve("snapshots").resolve(COMMIT).resolve(WEIGHTS)).doesNotExist();
        assertThat(model.resolve("blobs").resolve(TinyModel.etag(files, WEIGHTS)))
                .doesNotExist();
    }

    @Test
    void progressOfAResumedFetchBeginsWithWhatIsThere() throws IOException {
        Files.createDirectories(incomplete().getParent());
        Files.write(incomplete(), Arrays.copyOf(TinyModel.content(files, WEIGHTS), 123_456));
        long[] begun = new long[1];
        server.client(cache)
                .fetch(
                        ID,
                        new HubListener() {
                            @Override
                            public void begin(HubId id, long bytes, long done) {
                                begun[0] = done;
                            }

                            @Override
                            public void fetched(String file, long done) {}

                            @Override
                            public void waiting(String file) {}
                        },
                        () -> false);
        assertThat(begun[0]).isEqualTo(123_456);
        assertThat(weights()).extracting(Request::from).containsExactly(123_456L);
    }

    @Test
    void aPartThatIsNotSoundIsFetchedAnew() throws IOException {
        Files.createDirectories(incomplete().getParent());
        Files.write(incomplete(), TinyModel.bytes(9, 1000)); // not the first bytes of the weights
        assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(TinyModel.content(files, WEIGHTS));
        assertThat(weights()).extracting(Request::from).containsExactly(1000L, 0L);
    }

    @Test
    void aPartThatIsLongerThanTheWholeIsFetchedAnew() throws IOException {
        Files.createDirectories(incomplete().getParent());
        Files.write(incomplete(), TinyModel.bytes(9, WEIGHT_BYTES + 1));
        assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(TinyModel.content(files, WEIGHTS));
        assertThat(weights()).extracting(Request::from).containsExactly(0L);
    }

    @Test
    void aServerWithoutRangesSendsAllAgain() throws IOException {
        server.next(ON_CDN, new Fault.Cut(300_000), new Fault.NoRange());
        assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(TinyModel.content(files, WEIGHTS));
        assertThat(weights()).extracting(Request::sent).containsExactly(300_000L, (long) WEIGHT_BYTES);
    }

    @Test
    void aBusyServerIsAskedAgainWhenItSays() throws IOException {
        server.next(
                LIST,
                new Fault.Status(429, "Retry-After: 1"),
                new Fault.Status(429, "RateLimit: \"api\";r=0;t=0"),
                new Fault.Status(503));
        long begin = System.nanoTime();
        fetch();
        // one second for Retry-After; one for the hub's own header, which counts whole seconds downwards
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(2));
        assertThat(server.log())
                .filteredOn(request -> request.path().endsWith("/revision/main"))
                .hasSize(4);
    }

    @Test
    void anAddressThatHasExpiredIsAskedForAgain() throws IOException {
        server.next(ON_CDN, new Fault.Status(403));
        assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(TinyModel.content(files, WEIGHTS));
        assertThat(server.log())
                .filteredOn(request -> request.path().endsWith("/resolve/" + COMMIT + "/" + WEIGHTS))
                .hasSize(2);
    }

    @Test
    void aServerThatStallsIsLeftAndAskedAgain() throws IOException {
        server.next(ON_CDN, new Fault.Stall(200_000));
        Patience impatient = new Patience(HASTY.connect(), Duration.ofMillis(300), HASTY.attempts(), HASTY.backoff());
        Path path = new Hub(server.settings(cache), impatient)
                .fetch(ID, HubListener.NONE, () -> false)
                .path();
        assertThat(path.resolve(WEIGHTS)).hasBinaryContent(TinyModel.content(files, WEIGHTS));
        assertThat(weights()).extracting(Request::from).containsExactly(0L, 200_000L);
    }

    @Test
    void tooManyFailuresInARowEndTheFetchAndKeepWhatIsThere() throws IOException {
        Fault broken = new Fault.Status(500);
        server.next(ON_CDN, new Fault.Cut(100_000), broken, broken, broken, broken);
        assertThatThrownBy(this::fetch)
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
                .hasMessage("hub: " + server.url() + " does not answer as it should: status 500 (4 attempts in a row);"
                        + " what is here is kept, and the same command goes on from there");
        assertThat(incomplete()).hasSize(100_000);
        assertNothingLooksWhole();
        assertThat(fetch().resolve(WEIGHTS)).hasBinaryContent(TinyModel.content(files, WEIGHTS));
    }
}
