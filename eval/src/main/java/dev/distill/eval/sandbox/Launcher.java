package dev.distill.eval.sandbox;

import dev.distill.eval.sandbox.Job.Given;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The command line that builds the walls around a program. A shell enters the account's groups and opens the files that are handed in; where this
 * process is root's, {@code setpriv} makes it nobody's; {@code unshare} gives it mounts of its own, of which one holds all that the program writes;
 * {@code bwrap} does the rest, and {@code prlimit} starts the program with its limits. Nothing is mounted from this machine that can be written to, and
 * what is handed in comes through open files, so that no path and no permission of this machine matters.
 */
final class Launcher {
    /** Files that a program can be given: the shell has descriptors of one digit, of which some are taken. */
    static final int FILES = 5;

    /** Processes that a sandbox itself needs beside those of the program. */
    static final int PROCESSES = 2;

    /** Of these, those that the kernel counts as the program's user's. */
    private static final int INNER_PROCESSES = 1;

    private static final List<String> TOOLS = List.of("sh", "unshare", "mount", "mkdir", "prlimit");
    private static final List<String> FOLDERS = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");
    private static final int STATUS = 3;
    private static final int CALLS = 4;
    private static final int FIRST_FILE = 5;

    /** As which a program runs where this process is root's: one that owns nothing. */
    private static final String NOBODY = "65534";

    /** As which it sees itself. */
    private static final String INSIDE = "1000";

    private static final int STACK = 64 << 20;
    private static final int OPEN_FILES = 256;

    /** What a JVM asks for and does not use: classes, code, stacks. */
    private static final long VIRTUAL = 4L << 30;

    /** Before bwrap: one file system in memory with room for so much and no more, in which the writable folders lie. */
    private static final String ROOM = """
            mount -t tmpfs -o "$1" box /tmp && cd /tmp && mkdir work tmp shm && cd / && unset PWD OLDPWD && shift && exec "$@"
            """;

    private final String bwrap;
    private final Optional<String> setpriv;
    private final Path filter;
    private final List<String> system;

    private Launcher(String bwrap, Optional<String> setpriv, Path filter, List<String> system) {
        this.bwrap = bwrap;
        this.setpriv = setpriv;
        this.filter = filter;
        this.system = system;
    }

    /**
     * Finds the tools.
     *
     * @param folder for a file of the launcher's own
     * @throws SandboxException if one is not there
     */
    static Launcher find(Path folder) throws IOException {
        byte[] calls = CallFilter.of(System.getProperty("os.arch"))
                .orElseThrow(() -> new SandboxException(
                        "sandbox: the processor must be x86-64 or AArch64, for the calls of others are not known; got "
                                + System.getProperty("os.arch") + "; verify on another machine, or run no code"));
        Path filter = Files.write(folder.resolve("calls.bpf"), calls);
        TOOLS.forEach(tool -> tool(tool, "util-linux, mount, coreutils and dash"));
        return new Launcher(
                tool("bwrap", "bubblewrap"),
                isRoot() ? Optional.of(tool("setpriv", "util-linux")) : Optional.empty(),
                filter,
                system());
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private static String tool(String name, String debianPackage) {
        return FOLDERS.stream()
                .map(folder -> folder + "/" + name)
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElseThrow(() -> new SandboxException("sandbox: bubblewrap and the tools that it starts with must be"
                        + " installed for code to be run; found no " + name + " in " + String.join(", ", FOLDERS)
                        + "; install it (Debian and Ubuntu: apt-get install " + debianPackage + "), or run no code"));
    }

    /** What of this machine a program may read: programs and libraries, and what links and the loader need. */
    private static List<String> system() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--ro-bind", "/usr", "/usr"));
        for (String name : List.of("bin", "sbin", "lib", "lib32", "lib64")) {
            Path path = Path.of("/", name);
            if (Files.isSymbolicLink(path)) {
                Collections.addAll(
                        arguments, "--symlink", Files.readSymbolicLink(path).toString(), path.toString());
            } else if (Files.isDirectory(path)) {
                Collections.addAll(arguments, "--ro-bind", path.toString(), path.toString());
            }
        }
        for (String name : List.of("alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d")) {
            Collections.addAll(arguments, "--ro-bind-try", "/etc/" + name, "/etc/" + name);
        }
        try (Stream<Path> etc = Files.list(Path.of("/etc"))) { // Debian keeps parts of a JDK here
            etc.filter(path -> path.getFileName().toString().matches("java-\\d+-openjdk"))
                    .forEach(path -> Collections.addAll(arguments, "--ro-bind", path.toString(), path.toString()));
        }
        return List.copyOf(arguments);
    }

    /**
     * A process that runs the job, ready to be started.
     *
     * @param room an empty folder of this run's own, in which the status is written
     */
    ProcessBuilder process(Job job, Path room, Accounting accounting, List<Path> doors) throws IOException {
        StringBuilder script = new StringBuilder("cd / && unset PWD OLDPWD");
        List<String> opened = new ArrayList<>();
        for (Path door : doors) {
            script.append(" && echo $$ > \"$1\" && shift");
            opened.add(door.toString());
        }
        script.append(" && exec ").append(STATUS).append("> \"$1\" && shift");
        opened.add(room.resolve(Status.FILE).toString());
        script.append(" && exec ").append(CALLS).append("< \"$1\" && shift");
        opened.add(filter.toString());
        int descriptor = FIRST_FILE;
        for (Given file : job.files()) {
            script.append(" && exec ").append(descriptor++).append("< \"$1\" && shift");
            opened.add(Files.write(room.resolve(file.name()), file.content()).toString());
        }
        script.append(" && exec \"$@\"");
        List<String> command = new ArrayList<>(List.of(tool("sh", "dash"), "-c", script.toString(), "sandbox"));
        command.addAll(opened);
        setpriv.ifPresent(
                path -> Collections.addAll(command, path, "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
        Collections.addAll(command, tool("unshare", "util-linux"), "--user", "--map-root-user", "--mount");
        Collections.addAll(command, tool("sh", "dash"), "-c", ROOM, "sandbox");
        command.add("size=" + job.limits().diskBytes() + ",nr_inodes="
                + job.limits().files() + ",mode=0755,nosuid,nodev");
        command.addAll(walls(job));
        command.addAll(limits(job, accounting));
        command.addAll(job.command());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear(); // of secrets: the first process in the sandbox would show them
        builder.environment().put("PATH", String.join(File.pathSeparator, FOLDERS));
        return builder;
    }

    private List<String> walls(Job job) {
        List<String> command = new ArrayList<>(List.of(bwrap, "--unshare-all", "--unshare-user"));
        Collections.addAll(command, "--uid", INSIDE, "--gid", INSIDE, "--hostname", "sandbox", "--cap-drop", "ALL");
        Collections.addAll(command, "--die-with-parent", "--new-session", "--clearenv");
        Collections.addAll(
                command, "--setenv", "PATH", "/usr/local/bin:/usr/bin:/bin", "--setenv", "HOME", Sandbox.WORK);
        Collections.addAll(command, "--setenv", "LANG", "C.UTF-8");
        for (String threads :
                List.of("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")) { // not one for each core of a large machine
            Collections.addAll(command, "--setenv", threads, "1");
        }
        command.addAll(system);
        job.folders().forEach((from, to) -> Collections.addAll(command, "--ro-bind", from.toString(), to));
        Collections.addAll(command, "--proc", "/proc", "--dev", "/dev", "--bind", "/tmp/shm", "/dev/shm");
        Collections.addAll(command, "--bind", "/tmp/work", Sandbox.WORK, "--bind", "/tmp/tmp", "/tmp");
        int descriptor = FIRST_FILE;
        for (Given file : job.files()) {
            Collections.addAll(command, "--perms", file.executable() ? "0555" : "0444");
            Collections.addAll(command, "--file", Integer.toString(descriptor++), Sandbox.WORK + "/" + file.name());
        }
        Collections.addAll(command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", Sandbox.WORK);
        Collections.addAll(command, "--json-status-fd", Integer.toString(STATUS), "--seccomp", Integer.toString(CALLS));
        command.add("--");
        return command;
    }

    private static List<String> limits(Job job, Accounting accounting) {
        Limits limits = job.limits();
        long seconds = Math.max(1, limits.cpu().plusNanos(999_999_999).toSeconds());
        List<String> command = new ArrayList<>(List.of(tool("prlimit", "util-linux")));
        command.add("--cpu=" + seconds + ":" + (seconds + 1));
        command.add("--fsize=" + limits.diskBytes());
        command.add("--nofile=" + OPEN_FILES);
        command.add("--stack=" + STACK);
        command.add("--core=0");
        command.add("--memlock=0");
        command.add("--msgqueue=0");
        if (!accounting.holdsTogether()) {
            command.add("--nproc=" + (limits.processes() + INNER_PROCESSES));
            command.add("--as=" + (limits.memoryBytes() + (job.virtualMachine() ? VIRTUAL : 0)));
        }
        command.add("--");
        return command;
    }
}
