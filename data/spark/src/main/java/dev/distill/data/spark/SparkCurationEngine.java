package dev.distill.data.spark;

import dev.distill.data.curate.CurationEngine;
import java.io.IOException;

/** {@code curate --engine spark}. Its place is the URL of a master: {@code local[*]}, {@code spark://host:7077}. */
public final class SparkCurationEngine implements CurationEngine {
    private final SparkSettings how;

    public SparkCurationEngine() {
        this(SparkSettings.STANDARD);
    }

    SparkCurationEngine(SparkSettings how) {
        this.how = how;
    }

    @Override
    public String name() {
        return "spark";
    }

    @Override
    public Result run(Work work) throws IOException {
        if (work.settings().similarPrompts() != null) {
            throw new IllegalArgumentException("curate.prompt-similarity: prompts are compared with each other in one"
                    + " process only; set it to 0, or curate without --engine spark");
        }
        try (Scratch scratch = Scratch.begin(work.folder());
                Cluster cluster = ClusterStart.start(work.place(), work.watch())) {
            return SparkCuration.run(cluster, work, how, scratch.folder());
        }
    }
}
