package dev.distill.teacher.embedded.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Wordings from a text resource of this package: {@code [section]} headers, one phrase a line, {@code \n} for a line break inside
 * a phrase, {@code #} for remarks.
 */
final class Phrases {
    private final String name;
    private final Map<String, List<String>> sections;

    private Phrases(String name, Map<String, List<String>> sections) {
        this.name = name;
        this.sections = sections;
    }

    static Phrases load(String name) {
        Map<String, List<String>> sections = new HashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : text(name).split("\n")) {
            if (line.matches("\\[[a-z]+]")) {
                current = new ArrayList<>();
                sections.put(line.substring(1, line.length() - 1), current);
            } else if (!line.isBlank() && !line.startsWith("# ")) {
                current.add(line.replace("\\n", "\n"));
            }
        }
        return new Phrases(name, sections);
    }

    /** The phrases of one section. */
    List<String> in(String section) {
        List<String> phrases = sections.get(section);
        if (phrases == null || phrases.isEmpty()) {
            throw new IllegalStateException("resource " + name + " has no section [" + section + "]");
        }
        return phrases;
    }

    private static String text(String name) {
        try (InputStream in = Phrases.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + name + " cannot be read", e);
        }
    }
}
