package dev.distill.data.curate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Phrases from a resource beside this class, in sections. A line {@code == name} begins a section, {@code > a | b} says how
 * the texts of the following patterns begin, {@code NAME = pattern} defines what {@code {NAME}} stands for from there on,
 * and {@code NAMES > a | b} what {@code > NAMES} stands for. Lines that begin with {@code #} are remarks. Patterns are those
 * of java.util.regex; upper and lower case are the same.
 *
 * @param phrases in their order
 * @param definitions by name
 */
record PhraseBook(List<Phrase> phrases, Map<String, String> definitions) {
    /** @throws IllegalStateException where a pattern stands before the first section or its beginnings */
    static PhraseBook read(String resource) {
        List<Phrase> phrases = new ArrayList<>();
        Map<String, String> definitions = new LinkedHashMap<>();
        List<String> names = List.of();
        List<String> beginnings = List.of();
        String section = "";
        for (String line : lines(resource)) {
            if (line.startsWith("== ")) {
                section = line.substring(3);
                beginnings = List.of();
            } else if (line.startsWith("NAMES > ")) {
                names = beginnings(line.substring(8));
            } else if (line.startsWith("> ")) {
                beginnings = line.equals("> NAMES") ? names : beginnings(line.substring(2));
            } else if (line.matches("[A-Z_]+ = .*")) {
                int equals = line.indexOf(" = ");
                definitions.put(line.substring(0, equals), resolved(line.substring(equals + 3), definitions));
            } else if (section.isEmpty() || beginnings.isEmpty()) {
                throw new IllegalStateException(
                        resource + ": a pattern needs a section and beginnings before it: " + line);
            } else {
                phrases.add(new Phrase(
                        section,
                        beginnings,
                        Pattern.compile(resolved(line, definitions), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)));
            }
        }
        return new PhraseBook(List.copyOf(phrases), Map.copyOf(definitions));
    }

    /** The phrases of one section, which must be there. */
    List<Phrase> section(String name) {
        List<Phrase> found =
                phrases.stream().filter(phrase -> phrase.section().equals(name)).toList();
        if (found.isEmpty()) {
            throw new IllegalStateException("no section \"" + name + "\" in the phrase book");
        }
        return found;
    }

    /** The pattern that a name stands for, which must be there. */
    String definition(String name) {
        return Objects.requireNonNull(definitions.get(name), "no definition of " + name + " in the phrase book");
    }

    private static List<String> beginnings(String line) {
        return List.of(line.split(" \\| "));
    }

    private static String resolved(String pattern, Map<String, String> definitions) {
        String resolved = pattern;
        for (Map.Entry<String, String> definition : definitions.entrySet()) {
            resolved = resolved.replace("{" + definition.getKey() + "}", definition.getValue());
        }
        return resolved;
    }

    private static List<String> lines(String resource) {
        try (InputStream in = Objects.requireNonNull(PhraseBook.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
