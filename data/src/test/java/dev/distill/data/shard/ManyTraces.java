package dev.distill.data.shard;

import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** Writes many traces and reads them again, in a JVM of its own that has little memory: see {@link ShardMemoryTest}. */
final class ManyTraces {
    private ManyTraces() {}

    /** Arguments: folder, how many. Says how many characters went there and came back. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        int count = Integer.parseInt(args[1]);
        long written = 0;
        try (TraceWriter writer = TraceWriter.create(folder)) {
            for (int i = 0; i < count; i++) {
                Trace trace = RandomTraces.list(i, 1, 8_000).getFirst();
                written += characters(trace);
                writer.write(trace);
            }
            writer.finish(Manifest.begin("harvest", "distill test"), ShardTest.CARD);
        }
        long read = 0;
        long misplaced = 0;
        try (TraceReader reader = TraceReader.open(folder)) {
            Random slow = new Random(1);
            for (int i = 0; reader.hasNext(); i++) {
                Trace trace = reader.next();
                read += characters(trace);
                // Making a trace to compare takes as long as reading fifty: one of a hundred will do.
                if (slow.nextInt(100) == 0
                        && !trace.equals(RandomTraces.list(i, 1, 8_000).getFirst())) {
                    misplaced++;
                }
            }
        }
        System.out.println(written + " written, " + read + " read, " + misplaced + " misplaced");
    }

    private static long characters(Trace trace) {
        return trace.answer().length()
                + trace.rawReply().length()
                + (trace.reasoning() == null ? 0 : trace.reasoning().length());
    }
}
