package dev.distill.eval.sandbox;

import static dev.distill.eval.sandbox.Sandboxes.MIB;
import static dev.distill.eval.sandbox.Sandboxes.python;
import static dev.distill.eval.sandbox.Sandboxes.tight;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.eval.sandbox.Ran.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that take what they can get, each contained and accounted for. The same for every kind of accounting. */
@Timeout(60)
abstract class ContainmentContract {
    @TempDir
    Path folder;

    private final String marker = "marker-" + UUID.randomUUID();
    private Sandbox sandbox;

    /** The kind of accounting; empty where this machine has none such. */
    abstract Optional<? extends Accounting> accounting() throws IOException;

    abstract boolean byTheKernel();

    @BeforeEach
    void open() throws IOException {
        Sandboxes.assumeBubblewrap();
        Sandboxes.assumePython();
        Optional<? extends Accounting> accounting = accounting();
        assumeTrue(accounting.isPresent(), "this machine has no control groups that this process may use");
        sandbox = Sandbox.open(accounting.get());
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        if (sandbox != null) {
            sandbox.close();
        }
        assertThat(Sandboxes.processesWith(marker)).isEmpty();
    }

    @Test
    void processesThatForkForEverAreFewAndAllEnd() {
        Ran ran = sandbox.run(python("""
                import os
                while True:
                    try:
                        os.fork()
                    except OSError:
                        pass
                """, tight(), marker));

        assertThat(ran.ended()).isEqualTo(Ended.TIME_LIMIT);
        if (byTheKernel()) {
            assertThat(ran.used().refusedProcesses()).isPositive();
        }
    }

    @Test
    void thereAreNeverMoreProcessesThanTheLimit() {
        Ran ran = sandbox.run(python("""
                import os, time
                count = 1
                try:
                    while True:
                        if os.fork() == 0:
                            time.sleep(60)
                        count += 1
                except OSError as e:
                    print(count, e.errno)
                """, tight(), marker));

        assertThat(ran.ended()).isEqualTo(Ended.ITSELF);
        String[] words = ran.out().strip().split(" ");
        assertThat(Integer.parseInt(words[0])).isBetween(20, tight().processes());
        assertThat(words[1]).isEqualTo("11"); // EAGAIN
    }

    @Test
    void oneProcessGetsNoMoreMemoryThanTheLimit() {
        Ran ran = sandbox.run(python("""
                kept = []
                while True:
                    kept.append(bytearray(4 << 20))
                """, tight(), marker));

        if (byTheKernel()) {
            assertThat(ran.ended()).isEqualTo(Ended.MEMORY_LIMIT);
            assertThat(ran.used().peakMemoryBytes()).isBetween(100 * MIB, 128 * MIB);
        } else { // the process is told so
            assertThat(ran.err()).contains("MemoryError");
        }
    }

    @Test
    void manyProcessesTogetherGetNoMoreMemoryThanTheLimit() {
        Ran ran = sandbox.run(python("""
                import os, time
                for _ in range(12):
                    if os.fork() == 0:
                        kept = bytearray(20 << 20)
                        for at in range(0, len(kept), 4096):
                            kept[at] = 1
                        time.sleep(60)
                time.sleep(60)
                """, tight(), marker));

        assertThat(ran.ended()).isEqualTo(Ended.MEMORY_LIMIT);
        if (byTheKernel()) {
            assertThat(ran.used().peakMemoryBytes()).isLessThanOrEqualTo(128 * MIB);
        }
    }

    @Test
    void aProgramThatBurnsTimeIsEnded() {
        Ran ran = sandbox.run(python("while True: pass", tight(), marker));

        assertThat(ran.ended()).isEqualTo(Ended.TIME_LIMIT);
        assertThat(ran.wall()).isLessThan(Duration.ofSeconds(4));
        assertThat(ran.used().cpu()).isBetween(Duration.ofMillis(800), Duration.ofMillis(2500));
    }

    @Test
    void timeIsCountedForAllProcessesTogether() {
        Ran ran = sandbox.run(python("""
                import os
                for _ in range(3):
                    os.fork()
                while True:
                    pass
                """, tight(), marker));

        assertThat(ran.ended()).isEqualTo(Ended.TIME_LIMIT);
        assertThat(ran.used().cpu()).isLessThan(Duration.ofMillis(2500));
    }

    @Test
    void aProgramThatSleepsIsEnded() {
        Ran ran = sandbox.run(python("import time; time.sleep(1000)", tight(), marker));

        assertThat(ran.ended()).isEqualTo(Ended.TIME_LIMIT);
        assertThat(ran.wall()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
    }

    @Test
    void aProgramThatIgnoresTheSignalOfTimeIsEnded() {
        Ran ran = sandbox.run(python("""
                import signal
                for number in range(1, 32):
                    try:
                        signal.signal(number, signal.SIG_IGN)
                    except OSError:
                        pass
                while True:
                    pass
                """, tight(), marker));

        assertThat(ran.ended()).isEqualTo(Ended.TIME_LIMIT);
    }

    @Test
    void whoClosesItsOutputAndGoesOnIsEnded() {
        Ran ran = sandbox.run(python("""
                import os, time
                os.write(1, b"so far")
                os.close(0); os.close(1); os.close(2)
                time.sleep(1000)
                """, tight(), marker));

        assertThat(ran.ended()).isEqualTo(Ended.TIME_LIMIT);
        assertThat(ran.out()).isEqualTo("so far");
    }

    /** Twice forked, with a session of its own, and deaf to signals: no parent waits for it. */
    @Test
    void orphansEndWithTheProgram() {
        Ran ran = sandbox.run(python("""
                import os, signal, time
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        for number in (1, 2, 15):
                            signal.signal(number, signal.SIG_IGN)
                        time.sleep(1000)
                    os._exit(0)
                os.wait()
                print("done")
                """, tight(), marker));

        assertThat(ran.well()).isTrue();
        assertThat(ran.out()).isEqualTo("done\n");
        assertThat(ran.wall()).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void signalsToEverybodyReachNobodyOutside() {
        Ran ran = sandbox.run(python("""
                import os, time
                if os.fork() == 0:
                    time.sleep(60)
                for target in (1, -1, -1): # the second time there is nobody left
                    try:
                        os.kill(target, 9)
                    except OSError:
                        pass
                print("alone")
                """, tight(), marker));

        assertThat(ran.out()).isEqualTo("alone\n");
    }
}
