package dev.distill.teacher.dialect;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dialects of a YAML or JSON file in the form of the built-in {@code dialects.yaml}. */
public record DialectTable(List<DialectFacts> dialects) {
    /** The dialect of a server of which nothing else is known. */
    public static final String STANDARD = "openai";

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** The file, word for word. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record FileForm(
            List<DialectEntry> dialects, @Nullable Probed probed) {}

    /** Where the file is the outcome of a probe. */
    private record Probed(String model, List<String> findings) {}

    public DialectTable {
        dialects = List.copyOf(dialects);
    }

    /** Read once: it is asked for again and again. */
    private static final class BuiltIn {
        private static final DialectTable TABLE = read();

        private static DialectTable read() {
            try (InputStream in = DialectTable.class.getResourceAsStream("dialects.yaml")) {
                if (in == null) {
                    throw new IllegalStateException("dialects: the resource dialects.yaml is missing from this build");
                }
                return DialectTable.read(in.readAllBytes(), "dialects.yaml");
            } catch (IOException e) {
                throw new IllegalStateException("dialects: the built-in dialects.yaml cannot be read", e);
            }
        }
    }

    /** What providers did when their pages were read; each fact with its date and source. They age. */
    public static DialectTable builtIn() {
        return BuiltIn.TABLE;
    }

    /** The dialects of a file. */
    public static DialectTable load(Path file) throws IOException {
        return read(Files.readAllBytes(file), file.toString());
    }

    /** What {@link #probedYaml} has written. */
    public static ProbedDialect loadProbed(Path file) throws IOException {
        byte[] yaml = Files.readAllBytes(file);
        String name = file.toString();
        FileForm form = form(yaml, name);
        if (form.probed == null || form.dialects.size() != 1) {
            throw new IOException("dialects: " + name
                    + " must hold one dialect and what a probe found; remove it to have the server probed again");
        }
        return new ProbedDialect(read(yaml, name).dialects().getFirst(), form.probed.model, form.probed.findings);
    }

    private static FileForm form(byte[] yaml, String name) throws IOException {
        try {
            return YAML.readValue(yaml, FileForm.class);
        } catch (JacksonException e) {
            throw new IOException(
                    "dialects: " + name + " must be as docs/formats.md says: " + e.getOriginalMessage(), e);
        }
    }

    private static DialectTable read(byte[] yaml, String name) throws IOException {
        try {
            List<DialectFacts> dialects = new ArrayList<>();
            for (DialectEntry entry : form(yaml, name).dialects()) {
                dialects.add(entry.facts());
            }
            return new DialectTable(dialects);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new IOException("dialects: " + name + " must be as docs/formats.md says: " + e.getMessage(), e);
        }
    }

    /** The file that these dialects are. */
    public String toYaml() throws IOException {
        return YAML.writeValueAsString(
                new FileForm(dialects.stream().map(DialectEntry::of).toList(), null));
    }

    /** The file that keeps what a probe has found. */
    public static String probedYaml(ProbedDialect probed) throws IOException {
        return YAML.writeValueAsString(
                new FileForm(List.of(DialectEntry.of(probed.facts())), new Probed(probed.model(), probed.findings())));
    }

    /** @throws IllegalArgumentException if there is none of that name, in the words of a recipe */
    public DialectFacts named(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("teacher.dialect: must be one of "
                        + String.join(
                                ", ", dialects.stream().map(DialectFacts::name).toList()) + "; got \"" + name + "\""));
    }

    public Optional<DialectFacts> find(String name) {
        return dialects.stream().filter(dialect -> dialect.name().equals(name)).findFirst();
    }

    /** The dialect that is met at this address: the first whose hosts it is among. */
    public Optional<DialectFacts> at(URI url) {
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        return dialects.stream()
                .filter(dialect -> dialect.hosts().stream().anyMatch(pattern -> fits(pattern, host, url.getPort())))
                .findFirst();
    }

    private static boolean fits(String pattern, @Nullable String host, int port) {
        return switch (pattern.charAt(0)) {
            case ':' -> pattern.equals(":" + port);
            case '.' -> host != null && host.endsWith(pattern);
            default -> pattern.equals(host);
        };
    }
}
