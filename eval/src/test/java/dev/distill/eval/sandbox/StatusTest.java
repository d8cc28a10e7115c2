package dev.distill.eval.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a program, and what of its sandbox. The texts are those of bubblewrap 0.8.0. */
@Timeout(60)
class StatusTest {
    @TempDir
    Path room;

    @Test
    void anExitCodeIsThereOnlyWhenTheProgramHasEnded() throws IOException {
        assertThat(Status.exitCode(room)).isEmpty();
        String begun = "{ \"child-pid\": 26606, \"mnt-namespace\": 4026532178, \"pid-namespace\": 4026532181 }\n";
        Files.writeString(room.resolve(Status.FILE), begun);
        assertThat(Status.exitCode(room)).isEmpty();
        Files.writeString(room.resolve(Status.FILE), begun + "{ \"exit-code\": 137 }\n");
        assertThat(Status.exitCode(room)).hasValue(137);
    }

    @Test
    void wallsThatBreakAreNoFindingAboutTheProgram() throws IOException {
        Sandboxes.assumeBubblewrap();
        try (Sandbox sandbox = Sandbox.open()) {
            Job job = new Job(
                    List.of("/bin/sh", "-c", "exit 0"),
                    List.of(),
                    Map.of(room.resolve("not-there"), "/there"),
                    new byte[0],
                    Limits.STANDARD,
                    false);
            assertThatThrownBy(() -> sandbox.run(job))
                    .isInstanceOf(SandboxException.class)
                    .hasMessageContainingAll("walls broke", "not-there");
        }
    }

    @Test
    void aProgramThatIsKilledIsOne() throws IOException {
        Sandboxes.assumeBubblewrap();
        try (Sandbox sandbox = Sandbox.open()) {
            Ran ran = sandbox.run(Job.of(List.of("/bin/sh", "-c", "kill -9 $$"), List.of(), Limits.STANDARD));
            assertThat(ran.ended()).isEqualTo(Ran.Ended.ITSELF);
            assertThat(ran.exitCode()).isEqualTo(137);
            Ran none = sandbox.run(Job.of(List.of("/bin/no-such-program"), List.of(), Limits.STANDARD));
            assertThat(none.well()).isFalse();
        }
    }
}
