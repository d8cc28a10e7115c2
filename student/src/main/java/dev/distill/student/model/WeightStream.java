package dev.distill.student.model;

import dev.distill.student.layer.Block;
import dev.distill.student.layer.Parameter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Goes ahead of a decoder's passes where its weights lie in mapped files and do not all fit into memory: a thread of its own reads the next
 * stage, a block's weights or the head's, while the pass computes, and gives back the memory of one that is behind. Nothing of it changes a
 * number, and where the weights fit it does nothing at all.
 *
 * <p>The kernel alone would do worse: it reads when the pass already waits, and what it throws out to make room it finds by searching all of
 * memory.
 */
final class WeightStream implements AutoCloseable {
    /** Weights may take all but this share of the available memory; activations, gradients and the heap grow into the rest. */
    private static final int SHARE_LEFT = 8;

    private static final int IDLE_SECONDS = 10;

    /** For each block, and then for the head, the regions that it reads. */
    private final List<List<MemorySegment>> stages = new ArrayList<>();

    private final Pages pages;

    /** One thread, which is there while it has something to do. */
    private final ExecutorService reader = new ThreadPoolExecutor(
            0,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("distill-weights").factory());

    private final boolean large;

    /** Streamed stages that are in memory or asked for, the longest unused first. */
    private final Map<Integer, Reading> held = new LinkedHashMap<>();

    /** Those of the others that are. */
    private final BitSet staying = new BitSet();

    private StreamPlan plan = StreamPlan.NONE;
    private volatile boolean closed;

    /** A stage that was asked for, until it is let go. */
    private static final class Reading {
        private volatile boolean wanted = true;
    }

    /** @param embedding_VC of which a pass reads a few rows, unless it is the head too */
    WeightStream(Parameter embedding_VC, List<Block> blocks, Parameter head_VC, Pages pages) {
        this.pages = pages;
        blocks.forEach(block -> stages.add(mapped(block.parameters())));
        stages.add(mapped(List.of(head_VC)));
        // Gradients and moments may take the rest before the first pass: from half of memory on, each pass looks again.
        this.large = stages.stream().mapToLong(WeightStream::bytes).sum() > pages.available() / 2;
        if (large && embedding_VC != head_VC) {
            mapped(List.of(embedding_VC)).forEach(pages::scattered);
        }
    }

    private static List<MemorySegment> mapped(List<Parameter> parameters) {
        return parameters.stream()
                .map(parameter -> parameter.floating().segment())
                .filter(MemorySegment::isMapped)
                .toList();
    }

    private static long bytes(List<MemorySegment> regions) {
        return regions.stream().mapToLong(MemorySegment::byteSize).sum();
    }

    /** One thing for each block, from first to last, and the head after them: a new pass, whose stages are read before they are asked for. */
    <T> Iterable<T> upwards(List<T> blocks) {
        if (!large) {
            return blocks;
        }
        plan();
        return plan.streamsNothing() ? blocks : () -> walk(blocks, 0, 1);
    }

    /** The same from last to first: the way back of a pass that went upwards. */
    <T> Iterable<T> downwards(List<T> blocks) {
        return plan.streamsNothing() ? blocks.reversed() : () -> walk(blocks, blocks.size() - 1, -1);
    }

    /** How many blocks the last pass did not find in memory. */
    int streamedBlocks() {
        return Math.max(0, plan.streamed().size() - 1);
    }

    private void plan() {
        long available = pages.available();
        plan = StreamPlan.of(
                stages.stream().mapToLong(WeightStream::bytes).toArray(), available - available / SHARE_LEFT);
        held.keySet().removeIf(stage -> {
            boolean stays = !plan.streams(stage);
            staying.set(stage, stays);
            return stays;
        });
    }

    private <T> Iterator<T> walk(List<T> blocks, int first, int step) {
        return new Iterator<>() {
            private int at = first;

            @Override
            public boolean hasNext() {
                return at >= 0 && at < blocks.size();
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("a pass has " + blocks.size() + " blocks");
                }
                enter(at, step);
                T block = blocks.get(at);
                at += step;
                return block;
            }
        };
    }

    /** The pass comes to this stage on its way up (step 1) or down (-1). */
    private void enter(int stage, int step) {
        if (plan.streams(stage)) {
            Reading reading = held.remove(stage);
            held.put(stage, reading == null ? new Reading() : reading); // now the last used
        } else {
            staying.set(stage);
        }
        int neighbour = stage + step;
        if (neighbour >= 0 && !plan.streams(neighbour) && !staying.get(neighbour)) {
            staying.set(neighbour);
            bringIn(neighbour, new Reading());
        }
        int next = plan.next(stage, step);
        if (next >= 0 && !held.containsKey(next)) {
            makeRoom(bytes(stages.get(next)), stage);
            Reading reading = new Reading();
            held.put(next, reading);
            bringIn(next, reading);
        }
    }

    /** Lets streamed stages go until so many bytes fit into the window, the longest unused first, but not this one. */
    private void makeRoom(long bytes, int used) {
        long sum = held.keySet().stream()
                .mapToLong(stage -> bytes(stages.get(stage)))
                .sum();
        Iterator<Map.Entry<Integer, Reading>> oldest = held.entrySet().iterator();
        while (oldest.hasNext() && sum + bytes > plan.window()) {
            Map.Entry<Integer, Reading> each = oldest.next();
            if (each.getKey() != used) {
                oldest.remove();
                letGo(each.getKey(), each.getValue());
                sum -= bytes(stages.get(each.getKey()));
            }
        }
    }

    private void bringIn(int stage, Reading reading) {
        read(() -> {
            for (MemorySegment region : stages.get(stage)) {
                pages.bringIn(region, () -> reading.wanted && !closed);
            }
        });
    }

    private void letGo(int stage, Reading reading) {
        reading.wanted = false;
        staying.clear(stage);
        read(() -> stages.get(stage).forEach(pages::letGo));
    }

    private void read(Runnable task) {
        reader.execute(() -> {
            try {
                task.run();
            } catch (InternalError e) {
                // A page that cannot be read. The pass meets the same error at the same place, where it can be
                // reported.
            }
        });
    }

    /** Ends its reading; to be called before the files are closed. */
    @Override
    public void close() {
        closed = true;
        reader.close();
    }
}
