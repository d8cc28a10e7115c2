package dev.distill.data.curate;

import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.TraceCounts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a curation over several processes or machines, with the outcome of {@link Curation}: the same traces are kept, in the same
 * files, and the same is said of each. {@link Curation} is what runs without one. Engines are found by {@link ServiceLoader}.
 */
public interface CurationEngine {
    /** What the command line calls a curation in this process. */
    String LOCAL = "local";

    /** The file of decisions in the folder that a curation makes: a {@link DecisionLine} for each trace. */
    String DECISIONS = "decisions.jsonl";

    /** Its name on the command line. */
    String name();

    /**
     * Curates. Decisions and shards are in the folder afterwards, without a manifest; where that fails or is stopped, the folder may
     * hold some of them.
     *
     * @throws IllegalArgumentException if it cannot run at this place
     * @throws IOException if the place cannot be reached, or what is read or written there fails
     */
    Result run(Work work) throws IOException;

    /**
     * What is to be done.
     *
     * @param traces finished folders, read one after the other
     * @param verdicts folders with what checks that ran apart have found out about these traces, each in their order
     * @param folder an existing one, for what is made; all workers must see it, and the traces, under the same paths
     * @param place where to run, in the engine's own words
     * @param writes whether decisions and shards are written, not only counted
     * @param watch hears how far it is, on the calling thread
     */
    record Work(
            CurationSettings settings,
            List<Path> traces,
            List<Path> verdicts,
            Path folder,
            String place,
            boolean writes,
            Watch watch) {
        public Work {
            traces = List.copyOf(traces);
            verdicts = List.copyOf(verdicts);
        }
    }

    /** Hears how far a curation is. */
    interface Watch {
        /** So many traces have been looked at. */
        void lookedAt(long traces);

        /** What becomes of so many more is known. */
        void decided(long more);

        /** Asked every now and then; stops the curation by throwing. */
        void check();
    }

    /**
     * What was done.
     *
     * @param shards of the traces that were kept, in their order; none where nothing was to be written
     * @param counts of these traces
     */
    record Result(CurationReport report, List<FileEntry> shards, TraceCounts counts) {
        public Result {
            shards = List.copyOf(shards);
        }
    }

    /**
     * The engine of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static CurationEngine find(String name) {
        List<CurationEngine> engines = ServiceLoader.load(CurationEngine.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return engines.stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("curate: no engine \"" + name
                        + "\" is on the class path; there are "
                        + Stream.concat(Stream.of(LOCAL), engines.stream().map(CurationEngine::name))
                                .collect(Collectors.joining(", "))
                        + "; scripts/distill curate --engine spark brings spark's with it"));
    }
}
