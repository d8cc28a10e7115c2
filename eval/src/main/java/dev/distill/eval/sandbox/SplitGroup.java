package dev.distill.eval.sandbox;

import dev.distill.eval.sandbox.Ran.Ended;
import dev.distill.eval.sandbox.Ran.Used;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One program's groups in version 1 (the kernel's cgroup-v1 documents): a folder each for memory, processes and, where there is one, time. */
final class SplitGroup implements Accounting.Account {
    private final GroupFolder memory;
    private final GroupFolder pids;
    private final Optional<GroupFolder> time;
    private final Limits limits;

    private SplitGroup(GroupFolder memory, GroupFolder pids, Optional<GroupFolder> time, Limits limits) {
        this.memory = memory;
        this.pids = pids;
        this.time = time;
        this.limits = limits;
    }

    static SplitGroup open(Path memory, Path pids, Optional<Path> time, Limits limits) throws IOException {
        SplitGroup group =
                new SplitGroup(new GroupFolder(memory), new GroupFolder(pids), time.map(GroupFolder::new), limits);
        group.memory.write("memory.limit_in_bytes", limits.memoryBytes());
        group.memory.writeIfThere("memory.memsw.limit_in_bytes", limits.memoryBytes()); // with swap, no more either
        group.pids.write("pids.max", limits.processes() + Launcher.PROCESSES);
        return group;
    }

    private List<GroupFolder> all() {
        List<GroupFolder> all = new ArrayList<>(List.of(pids, memory));
        time.ifPresent(all::add);
        return all;
    }

    @Override
    public List<Path> doors() {
        return all().stream().map(GroupFolder::door).toList();
    }

    @Override
    public Optional<Ended> breach(ProcessHandle launcher) throws IOException {
        if (memory.counter("memory.oom_control", "oom_kill") > 0) {
            return Optional.of(Ended.MEMORY_LIMIT);
        }
        return cpu().compareTo(limits.cpu()) > 0 ? Optional.of(Ended.TIME_LIMIT) : Optional.empty();
    }

    private Duration cpu() throws IOException {
        return time.isEmpty() ? Duration.ZERO : Duration.ofNanos(time.get().number("cpuacct.usage"));
    }

    @Override
    public void kill(ProcessHandle launcher) throws IOException {
        pids.kill();
    }

    @Override
    public Used used() throws IOException {
        return new Used(
                "cgroup1", cpu(), memory.number("memory.max_usage_in_bytes"), pids.counter("pids.events", "max"));
    }

    @Override
    public void close() throws IOException {
        for (GroupFolder folder : all()) {
            folder.close();
        }
    }
}
