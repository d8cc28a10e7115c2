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
 * The sentences in which a model says who it is or who made it ({@code identity-claims.txt}).
 *
 * @param firstPerson claims that are leaks wherever they stand
 * @param inPassing claims that are none where the question speaks of models or names
 */
record IdentityClaims(List<Claim> firstPerson, List<Claim> inPassing) {
    /** A pattern, and how a text begins that it may match, in lower case. */
    record Claim(List<String> beginnings, Pattern pattern) {}

    private static final String RESOURCE = "identity-claims.txt";

    /** The definition of any model's or company's name. */
    private static final String NAME = "NAME";

    static final IdentityClaims ALL;

    /** Any name of a model or of its company. */
    static final String ANY_NAME;

    static {
        Map<String, String> definitions = new LinkedHashMap<>();
        ALL = read(definitions);
        ANY_NAME = Objects.requireNonNull(definitions.get(NAME), RESOURCE + " lacks " + NAME);
    }

    private static IdentityClaims read(Map<String, String> definitions) {
        List<List<Claim>> sections = new ArrayList<>();
        List<String> names = List.of();
        List<String> beginnings = List.of();
        for (String line : lines()) {
            if (line.startsWith("== ")) {
                sections.add(new ArrayList<>());
            } else if (line.startsWith("NAMES > ")) {
                names = beginnings(line.substring(8));
            } else if (line.startsWith("> ")) {
                beginnings = line.equals("> NAMES") ? names : beginnings(line.substring(2));
            } else if (line.matches("[A-Z_]+ = .*")) {
                int equals = line.indexOf(" = ");
                definitions.put(line.substring(0, equals), resolved(line.substring(equals + 3), definitions));
            } else {
                String pattern = resolved(line, definitions);
                sections.getLast()
                        .add(new Claim(
                                beginnings, Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)));
            }
        }
        return new IdentityClaims(List.copyOf(sections.get(0)), List.copyOf(sections.get(1)));
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

    private static List<String> lines() {
        try (InputStream in = Objects.requireNonNull(IdentityClaims.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
