package dev.distill.data.spark;

import ch.obermuhlner.math.big.BigDecimalMath;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import dev.distill.data.curate.Curation;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/**
 * What a worker needs beside Spark's own jars.
 *
 * @param jars that are sent there
 * @param folders of classes, where this program was not packed into jars, as in tests: nothing is sent then, workers must see them
 */
record ClassPath(List<Path> jars, List<Path> folders) {
    /** A class of each jar that a curation needs. Those that Spark's distribution has too are loaded from there. */
    private static final List<String> CLASSES = List.of(
            SparkCurationEngine.class.getName(),
            Curation.class.getName(),
            BigDecimalMath.class.getName(),
            ObjectMapper.class.getName(),
            "com.fasterxml.jackson.core.JsonFactory",
            "com.fasterxml.jackson.annotation.JsonProperty",
            Zstd.class.getName(),
            "org.apache.hadoop.conf.Configuration",
            "org.apache.parquet.hadoop.ParquetFileWriter",
            "org.apache.parquet.column.ColumnDescriptor",
            "org.apache.parquet.Preconditions",
            "org.apache.parquet.column.values.bitpacking.BytePacker",
            "org.apache.parquet.format.FileMetaData",
            "shaded.parquet.com.fasterxml.jackson.databind.ObjectMapper");

    static ClassPath ofWorkers() {
        List<Path> jars = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        for (String name : CLASSES) {
            Path place = place(name);
            List<Path> places = Files.isDirectory(place) ? folders : jars;
            if (!places.contains(place)) {
                places.add(place);
            }
        }
        return new ClassPath(List.copyOf(jars), List.copyOf(folders));
    }

    private static Path place(String name) {
        try {
            CodeSource source = Class.forName(name, false, ClassPath.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource();
            URI place = source.getLocation().toURI();
            return Path.of(place);
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IllegalStateException("class path: must hold " + name, e);
        }
    }
}
