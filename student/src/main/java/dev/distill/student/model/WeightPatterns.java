package dev.distill.student.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Patterns for the names of weights: {@code model.embed_tokens}, {@code model.layers.0}, {@code *.bias}, {@code model.layers.*.mlp}. A pattern
 * means the weight of this name, or all whose names go on after a dot; a {@code *} stands for any characters, dots too, a {@code ?} for one.
 *
 * @param owner what the patterns are for, as messages name it
 */
public record WeightPatterns(String owner, List<String> patterns) {
    /** So many names are offered in place of a pattern that means nothing. */
    private static final int OFFERED = 3;

    public WeightPatterns {
        patterns = List.copyOf(patterns);
    }

    /** The weights of this model that any pattern means. Patterns that mean none, and patterns that mean all, are refused. */
    public Set<String> names(ModelConfig model) {
        List<String> all = model.parameters().stream().map(ParameterSpec::name).toList();
        Problems problems = new Problems(owner);
        Set<String> names = new LinkedHashSet<>();
        for (String pattern : patterns) {
            Pattern compiled = compile(pattern);
            List<String> meant = all.stream()
                    .filter(name -> compiled.matcher(name).matches())
                    .toList();
            if (meant.isEmpty()) {
                problems.add("'" + pattern + "' matches no weight of this model; " + cure(pattern, compiled, model));
            }
            names.addAll(meant);
        }
        problems.check(names.size() < all.size(), "%s match every weight, and nothing is left to train", patterns);
        problems.throwIfAny();
        return names;
    }

    private static Pattern compile(String pattern) {
        StringBuilder expression = new StringBuilder();
        pattern.chars()
                .forEach(c -> expression.append(
                        switch (c) {
                            case '*' -> ".*";
                            case '?' -> ".";
                            default -> Pattern.quote(Character.toString(c));
                        }));
        return Pattern.compile("(" + expression + ")(\\..*)?");
    }

    private static String cure(String pattern, Pattern compiled, ModelConfig model) {
        if (model.tiedEmbeddings() && compiled.matcher(ModelConfig.HEAD).matches()) {
            return "its head is the embedding, " + ModelConfig.EMBEDDING;
        }
        return "the nearest names are " + String.join(", ", nearest(pattern, model));
    }

    /** Weights and what they are parts of, those first that take the fewest changes of letters. */
    private static List<String> nearest(String pattern, ModelConfig model) {
        Set<String> candidates = new LinkedHashSet<>();
        for (ParameterSpec spec : model.parameters()) {
            for (int dot = spec.name().indexOf('.'); dot >= 0; dot = spec.name().indexOf('.', dot + 1)) {
                candidates.add(spec.name().substring(0, dot));
            }
            candidates.add(spec.name());
        }
        return candidates.stream()
                .sorted(Comparator.comparingInt(name -> distance(pattern, name))) // stable: of equal ones the first
                .limit(OFFERED)
                .toList();
    }

    /** Levenshtein's distance: insertions, deletions and replacements that make one word of the other. */
    private static int distance(String a, String b) {
        List<Integer> row = new ArrayList<>(
                Stream.iterate(0, i -> i + 1).limit(b.length() + 1L).toList());
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row.getFirst();
            row.set(0, i);
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row.get(j);
                row.set(j, Math.min(replaced, Math.min(row.get(j), row.get(j - 1)) + 1));
            }
        }
        return row.getLast();
    }
}
