package dev.distill.pipeline;

import dev.distill.data.pack.Sample;
import dev.distill.data.store.DamagedStoreException;
import dev.distill.data.store.SampleStore;
import dev.distill.data.store.StoredSample;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Trace;
import dev.distill.data.work.InOrder;
import dev.distill.pipeline.TraceCheck.Verdict;
import dev.distill.respond.Language;
import dev.distill.train.SampleMaker;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces to samples, once: read from their shards as a stream, rendered and tokenised on all cores, and written in their order into a store. One
 * that was made before of the same traces, in the same words, is taken as it is.
 */
final class SamplePass {
    private static final Logger LOG = LoggerFactory.getLogger(SamplePass.class);

    /** Traces between two questions whether to stop. */
    private static final int STRETCH = 256;

    private final Language words;
    private final SampleRenderer renderer;
    private final int rows;
    private final SampleMaker.Objective objective;

    private final SequencedMap<String, Findings.Kind> unfit = new LinkedHashMap<>();
    private final Map<Barred, Barred.Found> barred = new EnumMap<>(Barred.class);
    private int traces;
    private boolean markersSeen;
    private @Nullable String markers;
    private @Nullable String unknown;

    /** @param rows of the student's embedding */
    SamplePass(Language words, SampleRenderer renderer, int rows, SampleMaker.Objective objective) {
        this.words = words;
        this.renderer = renderer;
        this.rows = rows;
        this.objective = objective;
    }

    /**
     * The store in this file, made where it is not there.
     *
     * @throws Stop.StoppedException if it was stopped; nothing of the store is kept then
     */
    SampleStore store(CuratedTraces curated, Path file, BooleanSupplier stop) throws IOException {
        String key = Hash.of(
                List.of(curated.asInput().sha256(), renderer.fingerprint(), objective.name(), Integer.toString(rows)));
        try {
            Optional<SampleStore> there = SampleStore.open(file, key);
            if (there.isPresent()) {
                return there.get();
            }
        } catch (DamagedStoreException e) {
            LOG.warn("train: {}", e.getMessage());
        }
        SampleStore.write(file, key, sink -> {
            make(curated, sink, stop);
            return new Findings(traces, unfit, barred, markers, unknown).json();
        });
        return SampleStore.open(file, key)
                .orElseThrow(() -> new IOException("train: " + file + " was written and is not there; is another"
                        + " process at work in this folder?"));
    }

    private record Read(Trace trace, Verdict verdict) {}

    private void make(CuratedTraces curated, SampleStore.Sink sink, BooleanSupplier stop) throws IOException {
        TraceCheck check = new TraceCheck(renderer, objective);
        try (Stream<Trace> all = curated.all()) {
            new InOrder(Runtime.getRuntime().availableProcessors())
                    .run(all.iterator(), trace -> new Read(trace, check.of(trace)), read -> {
                        Barred.count(read.trace, barred);
                        switch (read.verdict) {
                            case Verdict.Fits fits -> add(fits, sink);
                            case Verdict.Unfit found ->
                                unfit.merge(
                                        found.kind(),
                                        new Findings.Kind(1, found.message()),
                                        (before, one) -> before.another());
                        }
                        traces++;
                        if (traces % STRETCH == 0 && stop.getAsBoolean()) {
                            throw new Stop.StoppedException("train: stopped while traces were tokenised (" + traces
                                    + " were); the same command begins that anew");
                        }
                    });
        } catch (InterruptedIOException e) {
            throw new Stop.StoppedException(
                    "train: interrupted while traces were tokenised; the same command does it again");
        }
    }

    private void add(Verdict.Fits fits, SampleStore.Sink sink) throws IOException {
        Trace trace = fits.trace();
        Sample sample = fits.sample();
        sink.add(new StoredSample(traces, trace.promptId(), trace.source(), sample));
        if (!markersSeen && TraceCheck.reasons(trace)) {
            markers(trace, sample);
        }
        int highest = Arrays.stream(sample.ids()).max().orElse(0);
        if (highest >= rows && unknown == null) {
            unknown = "token " + highest + " ("
                    + TrainPreflight.quoted(words.tokenizer().decode(new int[] {highest}, false)) + "), first in trace "
                    + trace.id();
        }
    }

    /** They must stand around the reasoning once: in the text, and so in its tokens. The template is the same for all: one trace shows it. */
    private void markers(Trace trace, Sample sample) {
        String question = trace.question().strip();
        String text = words.tokenizer().decode(sample.ids(), false);
        int asked = text.indexOf(question); // before it a system message may speak of the markers
        if (asked < 0) {
            return;
        }
        markersSeen = true;
        String afterQuestion = text.substring(asked + question.length());
        String start = renderer.markers().start();
        String end = renderer.markers().end();
        int starts = count(afterQuestion, start);
        int ends = count(afterQuestion, end);
        boolean right = objective == SampleMaker.Objective.REASONING ? starts == 1 && ends == 1 : starts == ends;
        if (!right) {
            markers = starts + " times " + start + " and " + ends + " times " + end + " of the reasoning of trace "
                    + trace.id() + ", which has one";
        }
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }
}
