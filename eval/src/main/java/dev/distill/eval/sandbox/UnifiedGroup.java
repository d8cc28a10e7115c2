package dev.distill.eval.sandbox;

import dev.distill.eval.sandbox.Ran.Ended;
import dev.distill.eval.sandbox.Ran.Used;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One program's group in version 2 (the kernel's cgroup-v2.rst): one folder counts everything. */
final class UnifiedGroup implements Accounting.Account {
    private final GroupFolder group;
    private final Limits limits;

    private UnifiedGroup(GroupFolder group, Limits limits) {
        this.group = group;
        this.limits = limits;
    }

    static UnifiedGroup open(Path folder, Limits limits) throws IOException {
        GroupFolder group = new GroupFolder(folder);
        group.write("memory.max", limits.memoryBytes());
        group.write("pids.max", limits.processes() + Launcher.PROCESSES);
        group.writeIfThere("memory.swap.max", 0);
        group.writeIfThere("memory.oom.group", 1);
        return new UnifiedGroup(group, limits);
    }

    @Override
    public List<Path> doors() {
        return List.of(group.door());
    }

    @Override
    public Optional<Ended> breach(ProcessHandle launcher) throws IOException {
        if (group.counter("memory.events", "oom_kill") > 0) {
            return Optional.of(Ended.MEMORY_LIMIT);
        }
        return cpu().compareTo(limits.cpu()) > 0 ? Optional.of(Ended.TIME_LIMIT) : Optional.empty();
    }

    private Duration cpu() throws IOException {
        return Duration.of(group.counter("cpu.stat", "usage_usec"), TimeUnit.MICROSECONDS.toChronoUnit());
    }

    @Override
    public void kill(ProcessHandle launcher) throws IOException {
        if (Files.exists(group.folder().resolve("cgroup.kill"))) {
            group.write("cgroup.kill", 1);
        } else {
            group.kill();
        }
    }

    @Override
    public Used used() throws IOException {
        return new Used("cgroup2", cpu(), group.number("memory.peak"), group.counter("pids.events", "max"));
    }

    @Override
    public void close() throws IOException {
        group.close();
    }
}
