package dev.distill.train.teach;

import dev.distill.data.pack.Samples;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.util.stream.Stream;

/**
 * Samples, and the traces that they were made of: samples in any order, traces one after the other, as they are read.
 *
 * @param traces theirs, one for each sample and in their order
 */
public record TaughtSamples(Samples samples, Traces traces) {
    /** Reads the traces; whoever asks closes the stream. */
    @FunctionalInterface
    public interface Traces {
        Stream<Trace> open() throws IOException;
    }
}
