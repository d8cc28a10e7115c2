package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.serve.TestLane.Heard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The thread that decodes, and what becomes of requests when it fails or stops. */
@Timeout(60)
class DecodeLoopTest {
    @TempDir
    Path folder;

    private TestLane tiny;

    @BeforeEach
    void open() throws IOException {
        tiny = new TestLane(folder, 2, 64 << 20);
    }

    @AfterEach
    void close() {
        tiny.student.close(); // the lane is the loop's, who has closed it
        tiny.ops.close();
    }

    /** Tells when it is over. */
    private static class Awaited extends Heard {
        final CountDownLatch over = new CountDownLatch(1);

        Awaited() {
            super(1);
        }

        @Override
        public void complete(Usage usage) {
            super.complete(usage);
            over.countDown();
        }

        @Override
        public void failed(ApiError why) {
            super.failed(why);
            over.countDown();
        }

        void await() throws InterruptedException {
            assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private Job job(ReplySink sink) {
        return new Job(tiny.order("Count", 1, 10), "a", sink, tiny.metrics, 0);
    }

    @Test
    void anErrorFailsWhatIsUnderWayAndTheNextIsAnswered() throws Exception {
        try (DecodeLoop loop = new DecodeLoop(List.of(tiny.lane))) {
            Awaited broken = new Awaited() {
                @Override
                public boolean said(int row, Said said) {
                    throw new LinkageError("a class is missing");
                }
            };
            loop.submit(job(broken));
            broken.await();
            assertThat(broken.failed).startsWith("the server failed at this request");
            Awaited next = new Awaited();
            loop.submit(job(next));
            next.await();
            assertThat(next.complete).isTrue();
            assertThat(loop.state()).isEqualTo("ok");
        }
    }

    @Test
    void aThreadThatHasEndedIsToldToWhoeverAsks() throws Exception {
        try (DecodeLoop loop = new DecodeLoop(List.of(tiny.lane))) {
            CountDownLatch dead = new CountDownLatch(1);
            Awaited waits = new Awaited();
            Awaited broken = new Awaited() {
                @Override
                public boolean said(int row, Said said) {
                    throw new LinkageError("a class is missing");
                }

                @Override
                public void failed(ApiError why) {
                    dead.countDown();
                    throw new LinkageError("and this one too");
                }
            };
            loop.submit(job(broken));
            assertThat(dead.await(30, TimeUnit.SECONDS)).isTrue();
            while (loop.isOpen()) {
                Thread.onSpinWait(); // until the thread has seen what it came to
            }
            assertThat(loop.state()).isEqualTo("failed");
            assertThatThrownBy(() -> loop.submit(job(waits)))
                    .isInstanceOfSatisfying(
                            ApiError.class, e -> assertThat(e.status()).isEqualTo(500))
                    .hasMessage("this server cannot answer any more; its log says why; restart it");
        }
    }

    @Test
    void aLoopThatStopsAnswersWhatItHasTakenAndTakesNoMore() throws Exception {
        DecodeLoop loop = new DecodeLoop(List.of(tiny.lane));
        Awaited taken = new Awaited();
        loop.submit(job(taken));
        loop.stop(Duration.ofSeconds(30));
        assertThat(taken.complete).isTrue();
        assertThat(loop.state()).isEqualTo("stopping");
        assertThatThrownBy(() -> loop.submit(job(new Awaited()))).hasMessage("the server is being stopped");
    }
}
