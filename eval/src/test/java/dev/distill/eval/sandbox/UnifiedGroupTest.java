package dev.distill.eval.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.eval.sandbox.Ran.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as the kernel's cgroup-v2.rst describes them, in a folder of ours: most machines have one version of control groups alone. */
class UnifiedGroupTest {
    @TempDir
    Path folder;

    private UnifiedGroup group() throws IOException {
        for (String file :
                new String[] {"memory.max", "pids.max", "memory.swap.max", "memory.oom.group", "cgroup.kill"}) {
            Files.createFile(folder.resolve(file));
        }
        Files.writeString(folder.resolve("cpu.stat"), "usage_usec 500000\nuser_usec 400000\nsystem_usec 100000\n");
        Files.writeString(folder.resolve("memory.events"), "low 0\nhigh 0\nmax 3\noom 0\noom_kill 0\n");
        Files.writeString(folder.resolve("pids.events"), "max 7\n");
        return UnifiedGroup.open(folder, Sandboxes.tight());
    }

    @Test
    void limitsAreWritten() throws IOException {
        group();

        assertThat(folder.resolve("memory.max")).hasContent("134217728");
        assertThat(folder.resolve("pids.max")).hasContent("26"); // the launcher's two too
        assertThat(folder.resolve("memory.swap.max")).hasContent("0");
        assertThat(folder.resolve("memory.oom.group")).hasContent("1");
    }

    @Test
    void whatTheKernelCountsIsRead() throws IOException {
        UnifiedGroup group = group();
        ProcessHandle any = ProcessHandle.current();

        assertThat(group.breach(any)).isEmpty();
        assertThat(group.used()).isEqualTo(new Ran.Used("cgroup2", Duration.ofMillis(500), 0, 7));

        Files.writeString(folder.resolve("cpu.stat"), "usage_usec 1000001\n");
        assertThat(group.breach(any)).contains(Ended.TIME_LIMIT);
        Files.writeString(folder.resolve("memory.events"), "oom 1\noom_kill 1\n");
        assertThat(group.breach(any)).contains(Ended.MEMORY_LIMIT);
        Files.writeString(folder.resolve("memory.peak"), "77\n");
        assertThat(group.used().peakMemoryBytes()).isEqualTo(77);
    }

    @Test
    void allProcessesEndAtAWord() throws IOException {
        group().kill(ProcessHandle.current());

        assertThat(folder.resolve("cgroup.kill")).hasContent("1");
    }
}
