package dev.distill.eval.sandbox;

import static dev.distill.eval.sandbox.Sandboxes.python;
import static dev.distill.eval.sandbox.Sandboxes.tight;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that look for a way out. */
@Timeout(60)
class IsolationTest {
    private static final String SECRET = "a-word-that-nobody-inside-may-read";

    @TempDir
    Path outside;

    private Sandbox sandbox;
    private Path secret;

    @BeforeEach
    void open() throws IOException {
        Sandboxes.assumeBubblewrap();
        Sandboxes.assumePython();
        sandbox = Sandbox.open();
        secret = Files.writeString(outside.resolve("secret.txt"), SECRET);
    }

    @AfterEach
    void close() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private String said(String source, String... arguments) {
        Ran ran = sandbox.run(python(source, tight(), arguments));
        assertThat(ran.err()).isEmpty();
        assertThat(ran.well()).isTrue();
        return ran.out().strip();
    }

    @Test
    void noFileOfThisMachineIsSeenByWhateverName() {
        String tried = said("""
                import os, sys
                secret = sys.argv[1]
                os.symlink(secret, "link")
                os.symlink("/", "root")
                os.symlink("/proc/1/root", "first")
                names = [secret, "link", "root" + secret, "first" + secret, "../../../../.." + secret]
                for process in ("1", "2", "self", "thread-self", str(os.getppid())):
                    for way in ("root", "cwd"):
                        names.append("/proc/" + process + "/" + way + secret)
                        names.append("/proc/" + process + "/" + way + "/.." + secret)
                for name in os.listdir("/proc"):
                    if name.isdigit():
                        for fd in range(300):
                            names.append("/proc/%s/fd/%d" % (name, fd))
                seen = 0
                for name in names:
                    try:
                        if not os.path.exists(name) or not os.path.isfile(name):
                            continue
                        with open(name, "rb") as file:
                            seen += b"nobody-inside" in file.read(10000)
                    except OSError:
                        pass
                print(len(names) > 600, seen)
                """, secret.toString());

        assertThat(tried).isEqualTo("True 0");
    }

    @Test
    void neitherHomesNorSettingsNorOtherProcessesAreSeen() {
        String seen = said("""
                import os
                print(sorted(os.listdir("/")))
                print([name for name in ("/root", "/home", "/etc/passwd", "/etc/shadow", "/var", "/sys", "/run") if os.path.exists(name)])
                print(len([name for name in os.listdir("/proc") if name.isdigit()]) <= 3)
                print(sorted(map(int, os.listdir("/proc/self/fd")))[:-1])
                """);

        assertThat(seen.lines().toList())
                .satisfiesExactly(
                        root -> assertThat(root)
                                .contains("'dev'", "'proc'", "'tmp'", "'usr'", "'work'")
                                .doesNotContain("home", "root", "var"),
                        others -> assertThat(others).isEqualTo("[]"),
                        processes -> assertThat(processes).isEqualTo("True"),
                        open -> assertThat(open).isEqualTo("[0, 1, 2]"));
    }

    @Test
    void nothingOfTheEnvironmentIsSeen() {
        String seen = said("""
                import glob, os
                print(sorted(set(os.environ) - {"LC_CTYPE", "PWD"}))
                for name in glob.glob("/proc/[0-9]*/environ"):
                    try:
                        with open(name, "rb") as file:
                            names = [part.split(b"=")[0].decode() for part in file.read().split(b"\\0") if part]
                            extra = set(names) - {"PATH", "HOME", "LANG", "LC_CTYPE", "PWD", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}
                            if extra:
                                print(name, extra)
                    except OSError:
                        pass
                """);

        assertThat(System.getenv()).hasSizeGreaterThan(3);
        assertThat(seen).isEqualTo("['HOME', 'LANG', 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'PATH']");
    }

    @Test
    void nothingCanBeWrittenButInThreeFolders() {
        String written = said("""
                import os
                for folder in ("/", "/usr", "/usr/bin", "/dev", "/dev/pts", "/proc", "/proc/sys/kernel", "/etc", "/work", "/tmp", "/dev/shm"):
                    try:
                        with open(os.path.join(folder, "new"), "w") as file:
                            file.write("x")
                        print(folder)
                    except OSError:
                        pass
                for setting in ("/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/proc/sys/vm/overcommit_memory", "/usr/bin/env"):
                    try:
                        open(setting, "w").write("1")
                        print(setting)
                    except OSError:
                        pass
                """);

        assertThat(written.lines()).containsExactly("/work", "/tmp", "/dev/shm");
        assertThat(Path.of("/tmp/new")).doesNotExist();
    }

    @Test
    void filesTogetherHaveNoMoreBytesThanTheLimit() {
        String written = said("""
                import signal
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                total = 0
                for name in ("/work/a", "/tmp/b", "/dev/shm/c"):
                    try:
                        with open(name, "wb", 0) as file:
                            while True:
                                total += file.write(b"x" * 65536)
                    except OSError:
                        pass
                print(total)
                """);

        assertThat(Long.parseLong(written)).isBetween(tight().diskBytes() / 2, tight().diskBytes());
    }

    @Test
    void thereAreNoMoreFilesThanTheLimit() {
        String made = said("""
                import os
                total = 0
                for folder in ("/work", "/tmp", "/dev/shm"):
                    try:
                        while True:
                            os.mkdir(folder + "/" + str(total))
                            total += 1
                    except OSError:
                        pass
                print(total)
                """);

        assertThat(Integer.parseInt(made)).isBetween(tight().files() / 2, tight().files());
    }

    @Test
    void nobodyIsFoundOnLoopbackOrBeyond() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String found = said("""
                    import socket, sys
                    port = int(sys.argv[1])
                    found = []
                    for number in range(max(1, port - 1000), min(65536, port + 1000)):
                        with socket.socket() as client:
                            client.settimeout(0.2)
                            if client.connect_ex(("127.0.0.1", number)) == 0:
                                found.append(number)
                    print(found)
                    print([name for _, name in socket.if_nameindex()])
                    for family in (socket.AF_VSOCK, socket.AF_PACKET):
                        try:
                            socket.socket(family, socket.SOCK_STREAM)
                            print("opened", family)
                        except OSError:
                            pass
                    try:
                        socket.create_connection(("192.0.2.1", 80), 0.2)
                        print("reached")
                    except OSError:
                        pass
                    """, Integer.toString(server.getLocalPort()));

            assertThat(found.lines()).containsExactly("[]", "['lo']");
            server.setSoTimeout(1);
            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** As the kernel itself has it. */
    @Test
    void aProgramHasNoPowersAndCannotGainAny() {
        String status = said("""
                wanted = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp")
                for line in open("/proc/self/status"):
                    name, value = line.split(":", 1)
                    if name in wanted:
                        print(name, int(value.strip(), 16))
                """);

        assertThat(status.lines())
                .containsExactly(
                        "CapInh 0", "CapPrm 0", "CapEff 0", "CapBnd 0", "CapAmb 0", "NoNewPrivs 1", "Seccomp 2");
    }

    @Test
    void callsThatLeadOutAreRefused() {
        String refused = said("""
                import ctypes, os, platform
                libc = ctypes.CDLL(None, use_errno=True)
                here = 0 if platform.machine() == "x86_64" else 1
                calls = {"unshare": ((272, 97), 0x10000000), "clone": ((56, 220), 0x10000000), "ptrace": ((101, 117), 0),
                         "memfd_create": ((319, 279), 0), "bpf": ((321, 280), 0), "keyctl": ((250, 219), 0),
                         "shmget": ((29, 194), 0), "io_uring_setup": ((425, 425), 1), "mount": ((165, 40), 0)}
                for name, (numbers, argument) in calls.items():
                    ctypes.set_errno(0)
                    result = libc.syscall(numbers[here], argument, 0, 0, 0, 0)
                    if result == 0 and name == "clone":
                        os._exit(1)
                    print(name, result, ctypes.get_errno())
                """);

        assertThat(refused.lines())
                .hasSize(9)
                .allSatisfy(line -> assertThat(line).endsWith(" -1 1")); // EPERM
    }

    @Test
    void whatIsNoTextComesOutAsItWasWritten() {
        Ran ran = sandbox.run(python("import os; os.write(1, bytes(range(256)) * 4)", tight()));

        assertThat(ran.stdout()).hasSize(1024).startsWith(0, 1, 2).endsWith(253, 254, 255);
    }

    @Test
    void aFloodOfOutputIsCutOff() {
        for (String stream : new String[] {"1", "2"}) {
            Ran ran = sandbox.run(python("import os\nwhile True: os.write(" + stream + ", b'x' * 65536)", tight()));

            assertThat(ran.ended()).isEqualTo(Ran.Ended.OUTPUT_LIMIT);
            assertThat((stream.equals("1") ? ran.stdout() : ran.stderr()).length)
                    .isEqualTo((int) tight().outputBytes());
        }
    }

    @Test
    void nothingIsLeftInTemporaryFolders() throws IOException {
        said("open('/tmp/left', 'w').write('x'); open('left', 'w').write('x')");
        sandbox.close();

        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(files.map(file -> file.getFileName().toString())).doesNotContain("left");
        }
    }
}
