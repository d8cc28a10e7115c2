package dev.distill.eval.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits by control groups: the kernel counts all processes of a program together, whatever they do. Groups are made under the one that this process
 * is in, or under the nearest above it that lets one.
 */
final class ControlGroups implements Accounting {
    private static final Path OWN = Path.of("/proc/self/cgroup");
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final String PREFIX = "distill-";
    private static final AtomicLong NUMBER = new AtomicLong();

    private final boolean unified;

    /** Where groups are made, by what is counted there: memory, processes and perhaps time, in this order; one for all in version 2. */
    private final Map<String, Path> parents;

    private ControlGroups(boolean unified, Map<String, Path> parents) {
        this.unified = unified;
        this.parents = Collections.unmodifiableMap(new LinkedHashMap<>(parents));
    }

    /** Those of this machine, if it has such as this process may use. */
    static Optional<ControlGroups> find() throws IOException {
        return Files.isReadable(OWN) && Files.isReadable(MOUNTS)
                ? find(Files.readAllLines(OWN), Files.readAllLines(MOUNTS))
                : Optional.empty();
    }

    /** @param own lines of {@code /proc/self/cgroup} */
    static Optional<ControlGroups> find(List<String> own, List<String> mounts) {
        CgroupMounts all = CgroupMounts.of(own, mounts);
        Optional<Path> unified = parent(all.candidates(""), List.of("memory.max", "pids.max"));
        if (unified.isPresent()) {
            return Optional.of(new ControlGroups(true, Map.of("", unified.get())));
        }
        Map<String, Path> parents = new LinkedHashMap<>();
        parent(all.candidates("memory"), List.of("memory.limit_in_bytes")).ifPresent(at -> parents.put("memory", at));
        parent(all.candidates("pids"), List.of("pids.max")).ifPresent(at -> parents.put("pids", at));
        parent(all.candidates("cpuacct"), List.of("cpuacct.usage")).ifPresent(at -> parents.put("cpuacct", at));
        return parents.containsKey("memory") && parents.containsKey("pids")
                ? Optional.of(new ControlGroups(false, parents))
                : Optional.empty();
    }

    /** The first of these in which a group can be made that has these files to write. */
    private static Optional<Path> parent(List<Path> candidates, List<String> files) {
        for (Path candidate : candidates) {
            Path group = candidate.resolve(name());
            try {
                Files.createDirectory(group);
            } catch (IOException e) { // not ours to make groups in
                continue;
            }
            boolean fit = files.stream().allMatch(file -> Files.isWritable(group.resolve(file)))
                    && Files.isWritable(group.resolve("cgroup.procs"));
            try {
                Files.delete(group);
            } catch (IOException e) {
                continue;
            }
            if (fit) {
                sweep(candidate);
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static String name() {
        return PREFIX + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    }

    /** Empty groups that a killed process has left. */
    private static void sweep(Path parent) {
        try (var folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                String owner = String.valueOf(folder.getFileName()).split("-")[1];
                if (ProcessHandle.of(Long.parseLong(owner)).isEmpty()) {
                    Files.deleteIfExists(folder);
                }
            }
        } catch (IOException | RuntimeException e) {
            return; // they harm nobody
        }
    }

    @Override
    public String word() {
        return unified ? "cgroup2" : "cgroup1";
    }

    @Override
    public boolean holdsTogether() {
        return true;
    }

    @Override
    public Account open(Limits limits) throws IOException {
        String name = name();
        List<Path> made = new ArrayList<>();
        try {
            for (Path parent : parents.values()) {
                Path group = parent.resolve(name);
                Files.createDirectory(group);
                made.add(group);
            }
            return unified
                    ? UnifiedGroup.open(made.getFirst(), limits)
                    : SplitGroup.open(
                            made.get(0), made.get(1), made.stream().skip(2).findFirst(), limits);
        } catch (IOException | RuntimeException e) {
            for (Path group : made) {
                Files.deleteIfExists(group);
            }
            throw e;
        }
    }
}
