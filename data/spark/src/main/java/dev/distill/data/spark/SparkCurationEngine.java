package dev.distill.data.spark;

import dev.distill.data.curate.CurationEngine;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code curate --engine spark}. Its place is the URL of a master: {@code local[*]}, {@code spark://host:7077}. */
public final class SparkCurationEngine implements CurationEngine {
    /** Where what workers share lies while it runs, in the folder that is made. */
    private static final String SCRATCH = ".spark";

    private static final Logger LOG = LoggerFactory.getLogger(SparkCurationEngine.class);

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
        Path scratch = work.folder().resolve(SCRATCH);
        delete(scratch);
        Files.createDirectories(scratch);
        try (Cluster cluster = ClusterStart.start(work.place(), work.watch())) {
            return SparkCuration.run(cluster, work, how, scratch);
        } finally {
            deleteLater(scratch);
        }
    }

    /** Work that was stopped may still write there; what it leaves goes with the next run. */
    private static void deleteLater(Path scratch) {
        try {
            delete(scratch);
        } catch (IOException e) {
            LOG.debug("{}: not empty yet, the next curation deletes it", scratch, e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
