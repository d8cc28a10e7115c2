package dev.distill.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/**
 * How large the terminal is at which stderr goes.
 *
 * @param columns in characters
 * @param rows in lines
 */
record WindowSize(int columns, int rows) {
    private static final int STDERR = 2;

    /** The request number of tty_ioctl(4). */
    private static final long TIOCGWINSZ =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? 0x40087468L : 0x5413L;

    /** Found when it is first needed. */
    private static final class Native {
        static final MethodHandle IOCTL = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().find("ioctl").orElseThrow(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                        Linker.Option.firstVariadicArg(2));
    }

    /** The size at this moment; empty where stderr is no terminal, or the system does not tell. */
    static Optional<WindowSize> now() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(4 * ValueLayout.JAVA_SHORT.byteSize()); // struct winsize
            if ((int) Native.IOCTL.invokeExact(STDERR, TIOCGWINSZ, size) != 0) {
                return Optional.empty();
            }
            int rows = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 0));
            int columns = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 1));
            return rows > 0 && columns > 0 ? Optional.of(new WindowSize(columns, rows)) : Optional.empty();
        } catch (Throwable e) {
            return Optional.empty(); // a system without it
        }
    }
}
