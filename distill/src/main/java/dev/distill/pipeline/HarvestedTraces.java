package dev.distill.pipeline;

import dev.distill.data.shard.TraceReader;
import dev.distill.data.shard.VerdictFolder;
import dev.distill.data.shard.VerdictReader;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The traces of a run's harvest, with the verdicts of the step of verification where there was one. */
final class HarvestedTraces {
    private HarvestedTraces() {}

    /** All of them, in the order of the shards. Whoever asks closes the stream. */
    static Stream<Trace> open(RunFolder run, boolean verified) throws IOException {
        TraceReader traces = TraceReader.open(run.harvest());
        VerdictReader verdicts = verified ? VerdictFolder.of(run.verify()).open() : VerdictReader.none();
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(
                                new VerifiedTraces(traces, verdicts), Spliterator.ORDERED | Spliterator.NONNULL),
                        false)
                .onClose(() -> {
                    try (traces;
                            verdicts) {
                        // both, whatever the first does
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }
}
