package dev.distill.pipeline;

import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.eval.task.Responder;
import dev.distill.teacher.harvest.Asking;
import dev.distill.teacher.harvest.Ending;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.teacher.harvest.HarvestOutput;
import dev.distill.teacher.harvest.HarvestProgress;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.teacher.harvest.Harvester;
import dev.distill.teacher.harvest.LedgerAccount;
import dev.distill.teacher.harvest.ReplySeconds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A model behind an API, under evaluation, as one task asks it. Its answers are harvested as a teacher's are, with one ledger for all tasks, so that
 * none is paid for twice, within one budget where there is one. What was given up for good is an error of the infrastructure, but for what the provider's
 * filter refused: that is what whoever asks this model gets.
 */
final class EndpointResponder implements Responder {
    /** The word of an outcome that the provider's filter decided, as {@link dev.distill.teacher.Outcome} has it. */
    private static final String REFUSED = "refused: ";

    private final AskedEndpoint endpoint;
    private final EndpointPart part;
    private final Path folder;
    private final Pipeline.Listener listener;
    private final Stop stop;

    /** @param folder gets the replies to one task */
    EndpointResponder(AskedEndpoint endpoint, EndpointPart part, Path folder, Pipeline.Listener listener, Stop stop) {
        this.endpoint = endpoint;
        this.part = part;
        this.folder = folder;
        this.listener = listener;
        this.stop = stop;
    }

    @Override
    public String name() {
        return endpoint.name();
    }

    @Override
    public String fingerprint() {
        return endpoint.fingerprint();
    }

    /**
     * Asks, and hands over what was bought before as well.
     *
     * @throws HarvestStage.UnfinishedException if a budget or an interruption has ended it before the last answer; what there
     *     is has been handed over
     */
    @Override
    public void respond(List<Prompt> prompts, Decoding decoding, Consumer<Response> sink) {
        try {
            Map<String, Map<String, String>> reasons = new ConcurrentHashMap<>();
            HarvestResult harvest = harvest(prompts, decoding, reasons);
            Map<String, BitSet> answered = harvest.shards().isEmpty() ? Map.of() : handOver(sink);
            if (!(harvest.ending()
                    instanceof Ending.Done)) { // what was refused for good is no answer, and no end of the others
                HarvestStage.requireDone(harvest, endpoint.whom());
            }
            for (Prompt prompt : prompts) {
                BitSet samples = answered.getOrDefault(prompt.id(), new BitSet());
                Iterator<String> why = reasons.getOrDefault(prompt.id(), Map.of()).values().stream()
                        .sorted()
                        .iterator(); // samples of a prompt are alike: which has which reason makes no difference
                for (int sample = 0; sample < decoding.samples(); sample++) {
                    if (!samples.get(sample)) {
                        sink.accept(failed(prompt, sample, why.hasNext() ? why.next() : "given up by the harvest"));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HarvestResult harvest(List<Prompt> prompts, Decoding decoding, Map<String, Map<String, String>> reasons)
            throws IOException {
        HarvestOutput output = new HarvestOutput(
                folder,
                endpoint.accounts(),
                RunFolder.plan("eval", Map.of("model", name()), List.of()),
                new DatasetCard("Answers of " + name(), "other", "What a model under evaluation has answered."),
                ShardSize.DEFAULT);
        Files.createDirectories(folder);
        Files.createDirectories(endpoint.accounts());
        try (HarvestProgressFile told = new HarvestProgressFile(folder, noting(reasons, listener.answering()))) {
            Harvester harvester =
                    endpoint.asker().harvester(part.sampling(decoding), Asking.of(decoding.samples()), output);
            stop.onStop(harvester::stop);
            return harvester.run(prompts, told);
        }
    }

    /** The same listener, which also notes of each prompt why a sample has no answer, by the harvest's unit. */
    private static HarvestListener noting(Map<String, Map<String, String>> reasons, HarvestListener shown) {
        return new HarvestListener() {
            @Override
            public void progress(HarvestProgress progress) {
                shown.progress(progress);
            }

            @Override
            public void failed(LedgerAccount.Failed unit, Prompt prompt) {
                reasons.computeIfAbsent(prompt.id(), _ -> new ConcurrentHashMap<>())
                        .put(unit.unit(), unit.reason() + ": " + unit.detail());
                shown.failed(unit, prompt);
            }

            @Override
            public void told(String line) {
                shown.told(line);
            }
        };
    }

    /** All answers in the folder; which samples of each prompt there are. */
    private Map<String, BitSet> handOver(Consumer<Response> sink) throws IOException {
        Map<String, BitSet> answered = new HashMap<>();
        ReplySeconds seconds = ReplySeconds.read(endpoint.accounts());
        try (TraceReader traces = TraceReader.open(folder)) {
            while (traces.hasNext()) {
                Trace trace = traces.next();
                answered.computeIfAbsent(trace.promptId(), _ -> new BitSet()).set(trace.sample());
                sink.accept(new Response(
                        trace.promptId(),
                        trace.sample(),
                        trace.reasoning(),
                        trace.answer(),
                        trace.finish(),
                        trace.usage(),
                        seconds.of(trace.id()),
                        trace.cost(),
                        null));
            }
        }
        return answered;
    }

    private static Response failed(Prompt prompt, int sample, String reason) {
        if (reason.startsWith(REFUSED)) {
            return new Response(prompt.id(), sample, null, "", FinishReason.CONTENT_FILTER, Usage.NONE, 0, null, null);
        }
        return new Response(prompt.id(), sample, null, "", FinishReason.STOP, Usage.NONE, 0, null, reason);
    }
}
