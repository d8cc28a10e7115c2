package dev.distill.teacher.pay;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A list of tariffs, from a YAML or JSON file in the form of the built-in {@code tariffs.yaml}. */
public record Tariffs(List<Tariff> tariffs) {
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** The file, word for word; money as decimals. */
    private record FileForm(List<Entry> tariffs) {}

    private record Entry(
            String model,
            @Nullable String host,
            String since,
            String source,
            String currency,
            BigDecimal cache_hit,
            BigDecimal cache_miss,
            BigDecimal output,
            @Nullable BigDecimal reasoning,
            @Nullable BigDecimal batch,
            @Nullable List<WindowEntry> windows) {}

    private record WindowEntry(
            String zone,
            Set<DayOfWeek> days,
            String from,
            String to,
            BigDecimal cache_hit,
            BigDecimal cache_miss,
            BigDecimal output,
            @Nullable BigDecimal reasoning) {}

    public Tariffs {
        tariffs = List.copyOf(tariffs);
    }

    /** Examples of prices that providers have published, each with its date and source; they age. */
    public static Tariffs builtIn() {
        try (InputStream in = Tariffs.class.getResourceAsStream("tariffs.yaml")) {
            if (in == null) {
                throw new IllegalStateException("tariffs: the resource tariffs.yaml is missing from this build");
            }
            return read(in, "tariffs.yaml");
        } catch (IOException e) {
            throw new IllegalStateException("tariffs: the built-in tariffs.yaml cannot be read", e);
        }
    }

    /** The tariffs of a file. */
    public static Tariffs load(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        }
    }

    private static Tariffs read(InputStream in, String name) throws IOException {
        try {
            List<Tariff> tariffs = new ArrayList<>();
            for (Entry entry : YAML.readValue(in, FileForm.class).tariffs()) {
                tariffs.add(tariff(entry));
            }
            return new Tariffs(tariffs);
        } catch (com.fasterxml.jackson.core.JacksonException
                | DateTimeException
                | IllegalArgumentException
                | NullPointerException e) {
            throw new IOException(
                    "tariffs: " + name + " must list model, since, source, currency, cache_hit, cache_miss and"
                            + " output for each tariff; got: " + e.getMessage(),
                    e);
        }
    }

    private static Tariff tariff(Entry entry) {
        List<Tariff.Window> windows = new ArrayList<>();
        for (WindowEntry window : entry.windows == null ? List.<WindowEntry>of() : entry.windows) {
            windows.add(new Tariff.Window(
                    ZoneId.of(window.zone),
                    window.days,
                    LocalTime.parse(window.from),
                    LocalTime.parse(window.to),
                    prices(window.cache_hit, window.cache_miss, window.output, window.reasoning)));
        }
        return new Tariff(
                entry.model,
                entry.host,
                LocalDate.parse(entry.since),
                entry.source,
                entry.currency,
                prices(entry.cache_hit, entry.cache_miss, entry.output, entry.reasoning),
                entry.batch == null ? BigDecimal.ONE : entry.batch,
                windows);
    }

    private static Prices prices(BigDecimal hit, BigDecimal miss, BigDecimal output, @Nullable BigDecimal reasoning) {
        return new Prices(hit, miss, output, reasoning == null ? output : reasoning);
    }

    /**
     * The prices of that model on that day: of those that hold by then the youngest, one of this very host before one of any.
     *
     * @param host that is asked
     */
    public Optional<Tariff> find(String model, String host, LocalDate day) {
        return tariffs.stream()
                .filter(tariff ->
                        tariff.model().equals(model) && !tariff.since().isAfter(day))
                .filter(tariff -> tariff.host() == null || isOf(host, tariff.host()))
                .max(Comparator.comparing((Tariff tariff) -> tariff.host() != null)
                        .thenComparing(Tariff::since));
    }

    /** Whether a host is that one, or of its domain. */
    private static boolean isOf(String host, String wanted) {
        return host.equals(wanted) || host.endsWith("." + wanted);
    }
}
