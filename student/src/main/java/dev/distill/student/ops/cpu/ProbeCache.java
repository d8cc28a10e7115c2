package dev.distill.student.ops.cpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.ops.Compute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rates that {@link MatmulProbe} has measured, in one JSON file: an object with a member for each machine, whose members are the types in
 * small letters and their rates in GFLOP/s. A file that cannot be read counts as empty, and one that cannot be written is done without: it
 * only saves half a second.
 */
record ProbeCache(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeCache.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@code distill/matmul-probe.json} in {@code $XDG_CACHE_HOME}, or in {@code ~/.cache} where that is not set. */
    static ProbeCache ofThisUser() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path folder = xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return new ProbeCache(folder.resolve("distill").resolve("matmul-probe.json"));
    }

    Optional<MatmulRates> read(String machine) {
        Map<Compute, Double> gflops = new EnumMap<>(Compute.class);
        JsonNode kept = content().path(machine);
        for (Compute type : Compute.values()) {
            JsonNode rate = kept.path(name(type));
            if (rate.isNumber()) {
                gflops.put(type, rate.doubleValue());
            }
        }
        try {
            return gflops.isEmpty() ? Optional.empty() : Optional.of(new MatmulRates(gflops));
        } catch (IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    /** Beside the rates of other machines, for a home folder may be shared. */
    void write(String machine, MatmulRates rates) {
        ObjectNode content = content();
        ObjectNode kept = content.putObject(machine);
        rates.gflops().forEach((type, rate) -> kept.put(name(type), rate));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), ".matmul-probe", ".tmp");
            try {
                JSON.writerWithDefaultPrettyPrinter().writeValue(temporary.toFile(), content);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            LOG.debug("{}: the measured rates are not kept", file, e);
        }
    }

    private ObjectNode content() {
        try {
            return JSON.readTree(file.toFile()) instanceof ObjectNode object ? object : JSON.createObjectNode();
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    private static String name(Compute type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
