package dev.distill.data.curate;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The shingles of traces, one after the other, from a file: their number, below 0 where they are a sample, and the hashes. For one thread. */
public final class ShingleList implements Closeable {
    /** What stands there for a trace without shingles. */
    private static final int NONE = Integer.MIN_VALUE;

    private final DataInputStream in;

    ShingleList(DataInputStream in) {
        this.in = in;
    }

    static void write(DataOutputStream out, @Nullable Shingles shingles) throws IOException {
        if (shingles == null) {
            out.writeInt(NONE);
            return;
        }
        int[] smallest = shingles.smallest();
        out.writeInt(shingles.complete() ? smallest.length : -smallest.length);
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * smallest.length);
        bytes.asIntBuffer().put(smallest);
        out.write(bytes.array());
    }

    /** Those of the next trace; null for one that has none. Who reads knows how many there are. */
    public @Nullable Shingles next() throws IOException {
        int size = in.readInt();
        if (size == NONE) {
            return null;
        }
        byte[] bytes = new byte[Integer.BYTES * Math.abs(size)];
        in.readFully(bytes);
        int[] smallest = new int[Math.abs(size)];
        ByteBuffer.wrap(bytes).asIntBuffer().get(smallest);
        return new Shingles(smallest, size >= 0);
    }

    /** Passes those of the next trace over. */
    public void skip() throws IOException {
        int size = in.readInt();
        if (size != NONE) {
            in.skipNBytes((long) Integer.BYTES * Math.abs(size));
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
