package dev.distill.student.model;

import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Remembers what is asked, region by region. */
class RecordedPages implements Pages {
    private final long available;
    private final List<String> calls = new ArrayList<>();
    private final Map<Long, String> names = new HashMap<>();

    RecordedPages(long available) {
        this.available = available;
    }

    /** @param room that remains for weights of what is available: seven eighths */
    static RecordedPages withRoom(long room) {
        return new RecordedPages(Math.ceilDiv(room * 8, 7));
    }

    void name(StoredWeights stored) throws IOException {
        for (String name : stored.names()) {
            names.put(stored.get(name).segment().address(), name);
        }
    }

    /** Each call's verb, and the name of the weight whose region it was about. */
    List<String> calls() {
        return calls;
    }

    private void note(String what, MemorySegment region) {
        calls.add(what + " " + names.get(region.address()));
    }

    /** Block by block: {@code read 2}; the head by its name. */
    List<String> stages() {
        List<String> stages = new ArrayList<>();
        for (String call : calls) {
            String stage = call.replaceAll("model\\.layers\\.(\\d+)\\..*", "$1");
            if (stages.isEmpty() || !stages.getLast().equals(stage)) {
                stages.add(stage);
            }
        }
        return stages;
    }

    @Override
    public long available() {
        return available;
    }

    @Override
    public void bringIn(MemorySegment region, BooleanSupplier wanted) {
        note("read", region);
    }

    @Override
    public void letGo(MemorySegment region) {
        note("drop", region);
    }

    @Override
    public void scattered(MemorySegment region) {
        note("scattered", region);
    }

    /** As the system does it, with less memory than there is. */
    static final class Tight extends RecordedPages {
        Tight(long available) {
            super(available);
        }

        @Override
        public void bringIn(MemorySegment region, BooleanSupplier wanted) {
            super.bringIn(region, wanted);
            SYSTEM.bringIn(region, wanted);
        }

        @Override
        public void letGo(MemorySegment region) {
            super.letGo(region);
            SYSTEM.letGo(region);
        }

        @Override
        public void scattered(MemorySegment region) {
            super.scattered(region);
            SYSTEM.scattered(region);
        }
    }
}
