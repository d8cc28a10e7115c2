package dev.distill.eval.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines in the form of cgroups(7) and proc(5). */
class CgroupMountsTest {
    @Test
    void versionTwoIsFoundFromTheOwnGroupUpwards() {
        CgroupMounts mounts = CgroupMounts.of(
                List.of("0::/user.slice/a.scope"),
                List.of("30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate"));

        assertThat(mounts.candidates(""))
                .containsExactly(
                        Path.of("/sys/fs/cgroup/user.slice/a.scope"),
                        Path.of("/sys/fs/cgroup/user.slice"),
                        Path.of("/sys/fs/cgroup"));
        assertThat(mounts.candidates("memory")).isEmpty();
    }

    @Test
    void versionOneHasAPlaceForEachController() {
        CgroupMounts mounts = CgroupMounts.of(
                List.of("4:memory:/jobs/7", "2:cpu,cpuacct:/", "0::/"),
                List.of(
                        "40 30 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
                        "41 30 0:31 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct"));

        assertThat(mounts.candidates("memory").getFirst()).isEqualTo(Path.of("/sys/fs/cgroup/memory/jobs/7"));
        assertThat(mounts.candidates("cpuacct")).containsExactly(Path.of("/sys/fs/cgroup/cpu,cpuacct"));
    }

    /** A container sees a part of the tree under another name. */
    @Test
    void aMountOfAPartOfTheTreeIsReadFromThere() {
        CgroupMounts mounts = CgroupMounts.of(
                List.of("0::/box/12/inner"), List.of("30 24 0:26 /box/12 /sys/fs/cgroup rw - cgroup2 cgroup2 rw"));

        assertThat(mounts.candidates("")).containsExactly(Path.of("/sys/fs/cgroup/inner"), Path.of("/sys/fs/cgroup"));
    }

    @Test
    void linesThatAreOtherwiseAreLeftOut() {
        assertThat(CgroupMounts.of(List.of("what"), List.of("is this", "1 2 3 - ext4 a rw"))
                        .candidates(""))
                .isEmpty();
    }
}
