package dev.distill.teacher.dialect;

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
    private record FileForm(List<DialectEntry> dialects) {}

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

    private static DialectTable read(byte[] yaml, String name) throws IOException {
        try {
            List<DialectFacts> dialects = new ArrayList<>();
            for (DialectEntry entry : YAML.readValue(yaml, FileForm.class).dialects()) {
                dialects.add(entry.facts());
            }
            return new DialectTable(dialects);
        } catch (JacksonException e) {
            throw new IOException("dialects: " + name + " must be as docs/formats.md says: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new IOException("dialects: " + name + " must be as docs/formats.md says: " + e.getMessage(), e);
        }
    }

    /** The file that these dialects are. */
    public String toYaml() throws IOException {
        return YAML.writeValueAsString(
                new FileForm(dialects.stream().map(DialectEntry::of).toList()));
    }

    /** @throws IllegalArgumentException if there is none of that name, in the words of a recipe */
    public DialectFacts named(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("teacher.dialect: must be one of "
                + String.join(", ", dialects.stream().map(DialectFacts::name).toList()) + "; got \"" + name + "\""));
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
