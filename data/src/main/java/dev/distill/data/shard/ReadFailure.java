package dev.distill.data.shard;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What stopped the reading of a file, told apart by what was thrown: that the machine lacks memory, that its file system or a
 * library failed, or else that the file is damaged.
 */
final class ReadFailure {
    private static final int MIB = 1 << 20;

    private ReadFailure() {}

    /** The file system failed under a reader. What Parquet says of bytes that it did get is never this. */
    static final class FileSystemFailedException extends IOException {
        FileSystemFailedException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * The error for it.
     *
     * @param damage what is wrong if it is the file's fault
     * @param cure of that
     */
    static ShardException of(Path file, String damage, String cure, Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case OutOfMemoryError memory -> {
                    return machine(
                            file,
                            "this program's memory was too small to read it (" + said(memory) + "; the heap has "
                                    + Runtime.getRuntime().maxMemory() / MIB + " MiB)",
                            "give it more with DISTILL_JAVA_OPTS=-Xmx16g, and workers of Spark with"
                                    + " -Dspark.executor.memory=16g in it",
                            thrown);
                }
                case FileSystemFailedException failed -> {
                    return machine(
                            file,
                            "the file system did not give it (" + said(failed) + ")",
                            "is it there, and does its disk or network answer? Then try again",
                            thrown);
                }
                case InterruptedException _ -> {
                    return machine(file, "the reading of it was interrupted", "run again", thrown);
                }
                case LinkageError library -> {
                    return machine(
                            file,
                            "a library that is needed to read it does not load here (" + said(library) + ")",
                            "Snappy and Zstandard unpack theirs into the temporary folder: may programs run from there"
                                    + " (-Djava.io.tmpdir in DISTILL_JAVA_OPTS names another)?",
                            thrown);
                }
                default -> {}
            }
        }
        return new ShardException(file, damage + " (" + said(thrown) + ")", cure, thrown);
    }

    private static ShardException machine(Path file, String problem, String cure, Throwable thrown) {
        return new ShardException(ShardException.Fault.MACHINE, file, problem, cure, thrown);
    }

    /** What an error says of itself, or its name where it says nothing. */
    private static String said(Throwable e) {
        String message = e.getMessage();
        return message == null || e instanceof Error ? e.toString() : message;
    }
}
