package dev.distill.hub;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file open for flock(2). Java's own file locks are fcntl's, which flock does not see, and which any close of the same
 * file in this process would drop.
 *
 * <p>Constants are those that Linux and macOS share.
 */
final class Flock implements AutoCloseable {
    private static final int READ_WRITE = 2;
    private static final int EXCLUSIVE = 2;
    private static final int NOT_BLOCKING = 4;
    private static final int UNLOCK = 8;
    /** EWOULDBLOCK: 11 on Linux, 35 on macOS. */
    private static final Set<Integer> HELD_BY_ANOTHER = Set.of(11, 35);

    private static final Logger LOG = LoggerFactory.getLogger(Flock.class);
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    /** {@code open} takes a mode as well where it creates: after the two arguments that are always there. */
    private static final MethodHandle OPEN = function(
            "open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(2));

    private static final MethodHandle FLOCK = function(
            "flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.captureCallState("errno"));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final Path file;
    private final int descriptor;

    private Flock(Path file, int descriptor) {
        this.file = file;
        this.descriptor = descriptor;
    }

    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    /** Opens a file that exists. */
    static Flock open(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int descriptor = (int) OPEN.invokeExact(
                    state, arena.allocateFrom(file.toAbsolutePath().toString()), READ_WRITE);
            if (descriptor < 0) {
                throw new IOException(file + ": the lock file cannot be opened for writing (errno "
                        + (int) ERRNO.get(state, 0L) + ")");
            }
            return new Flock(file, descriptor);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the C library's open could not be called", e);
        }
    }

    /**
     * Takes the lock if nobody has it. Some file systems of clusters have no locks: there this succeeds with a warning, for
     * what the lock saves is only the second of two fetches.
     */
    boolean tryTake() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int outcome = (int) FLOCK.invokeExact(state, descriptor, EXCLUSIVE | NOT_BLOCKING);
            if (outcome == 0) {
                return true;
            }
            int error = (int) ERRNO.get(state, 0L);
            if (HELD_BY_ANOTHER.contains(error)) {
                return false;
            }
            LOG.warn(
                    "{}: cannot be locked here (errno {}); do not let two processes fetch the same model", file, error);
            return true;
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the C library's flock could not be called", e);
        }
    }

    /** Whether the file is still in its folder: a lock on one that somebody has removed keeps nobody out. */
    boolean isStillNamed() throws IOException {
        return (int) Files.getAttribute(Path.of("/dev/fd/" + descriptor), "unix:nlink") > 0;
    }

    /** Releases the lock, for copies of the descriptor in child processes as well, and closes the file. */
    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) FLOCK.invokeExact(arena.allocate(STATE), descriptor, UNLOCK);
            int unused = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("the C library's close could not be called", e);
        }
    }
}
