package dev.distill.eval.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sandbox whose owner is killed, which cannot clean up. */
@Timeout(60)
class DiesWithItsOwnerTest {
    @BeforeEach
    void assume() {
        Sandboxes.assumeBubblewrap();
        Sandboxes.assumePython();
    }

    @Test
    void aProgramEndsWithTheProcessThatRunsIt() throws Exception {
        String marker = "marker-" + UUID.randomUUID();
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OwnerOfSandbox.class.getName(),
                        marker)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            List<Long> inside = await(marker, found -> found.stream().anyMatch(DiesWithItsOwnerTest::isPython));
            for (long id : inside) {
                if (isPython(id)) { // whoever owns this process, a program runs as somebody without rights
                    assertThat(Files.getAttribute(Path.of("/proc", Long.toString(id)), "unix:uid"))
                            .isNotEqualTo(0);
                }
            }
        } finally {
            owner.destroyForcibly().waitFor();
        }
        assertThat(await(marker, List::isEmpty)).isEmpty();
    }

    private static boolean isPython(long id) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(id), "comm")).startsWith("python");
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Long> await(String marker, Predicate<List<Long>> wanted) throws Exception {
        List<Long> found = Sandboxes.processesWith(marker);
        for (int tries = 0; tries < 1000 && !wanted.test(found); tries++) {
            Thread.sleep(10);
            found = Sandboxes.processesWith(marker);
        }
        assertThat(wanted.test(found)).as("processes %s", found).isTrue();
        return found;
    }
}
