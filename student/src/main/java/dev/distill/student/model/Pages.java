package dev.distill.student.model;

import dev.distill.student.tensor.MappedMemory;
import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;

/** What {@link WeightStream} asks of the system about regions of mapped files. */
interface Pages {
    /** The system's own, {@link MappedMemory}. */
    Pages SYSTEM = new Pages() {
        @Override
        public long available() {
            return MappedMemory.available();
        }

        @Override
        public void bringIn(MemorySegment region, BooleanSupplier wanted) {
            MappedMemory.bringIn(region, wanted);
        }

        @Override
        public void letGo(MemorySegment region) {
            MappedMemory.letGo(region);
        }

        @Override
        public void scattered(MemorySegment region) {
            MappedMemory.scattered(region);
        }
    };

    /** See {@link MappedMemory#available}. */
    long available();

    /** See {@link MappedMemory#bringIn}. */
    void bringIn(MemorySegment region, BooleanSupplier wanted);

    /** See {@link MappedMemory#letGo}. */
    void letGo(MemorySegment region);

    /** See {@link MappedMemory#scattered}. */
    void scattered(MemorySegment region);
}
