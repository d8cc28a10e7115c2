package dev.distill.student.weights;

import dev.distill.student.tensor.DType;
import dev.distill.student.weights.UntrainedModel.Filling;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fills the tensors of a file with random BF16 numbers, on all processors, a piece at a time. A number is one of 65,536 normal
 * deviates, picked by sixteen random bits: a fraction of a nanosecond for each, and as good as any other normal numbers where
 * only speed is measured. Each piece has a random sequence of its own, so the file does not depend on the threads.
 */
final class NormalFiller {
    private static final int DEVIATES = 1 << Short.SIZE;

    /** Numbers of a piece; a multiple of four. */
    private static final int PIECE = 1 << 18;

    private static final short ONE = DType.narrow(1);

    private final short[] deviates = new short[DEVIATES];
    private final SplittableRandom seeds;

    /** Numbers that lie one behind the other in a file. */
    private record Piece(TensorEntry tensor, long from, int count, long seed) {}

    NormalFiller(Filling.Normal normal) {
        Random random = new Random(normal.seed()); // its normal deviates are fixed by specification, on every machine
        for (int i = 0; i < DEVIATES; i++) {
            deviates[i] = DType.narrow((float) (normal.deviation() * random.nextGaussian()));
        }
        seeds = new SplittableRandom(normal.seed());
    }

    /** @param data where the data begins in the file */
    void fill(FileChannel channel, long data, List<TensorEntry> tensors) throws IOException {
        List<Piece> pieces = pieces(tensors);
        AtomicInteger next = new AtomicInteger();
        int threads = Runtime.getRuntime().availableProcessors();
        Callable<Void> worker = () -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = next.getAndIncrement(); i < pieces.size(); i = next.getAndIncrement()) {
                write(channel, data, pieces.get(i), buffer);
            }
            return null;
        };
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(workers.submit(worker));
            }
            for (Future<Void> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException writing) {
                throw writing;
            }
            throw new IllegalStateException("random weights: a worker failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("random weights: interrupted", e);
        }
    }

    /** Biases are left out: they are zero already. */
    private List<Piece> pieces(List<TensorEntry> tensors) {
        List<Piece> pieces = new ArrayList<>();
        for (TensorEntry tensor : tensors) {
            if (!tensor.name().endsWith(".bias")) {
                for (long from = 0; from < tensor.elements(); from += PIECE) {
                    int count = (int) Math.min(PIECE, tensor.elements() - from);
                    pieces.add(new Piece(tensor, from, count, seeds.nextLong()));
                }
            }
        }
        return pieces;
    }

    private void write(FileChannel channel, long data, Piece piece, ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (piece.tensor.shape().size() == 1) {
            for (int i = 0; i < piece.count; i++) {
                buffer.putShort(ONE);
            }
        } else {
            SplittableRandom random = new SplittableRandom(piece.seed);
            for (int i = 0; i < piece.count; i += 4) {
                buffer.putLong(fourOf(random.nextLong()));
            }
        }
        buffer.flip().limit(piece.count * Short.BYTES);
        long at = data + piece.tensor.begin() + piece.from * Short.BYTES;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
    }

    private long fourOf(long bits) {
        long four = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Short.SIZE) {
            four |= Short.toUnsignedLong(deviates[(int) (bits >>> shift & 0xFFFF)]) << shift;
        }
        return four;
    }
}
