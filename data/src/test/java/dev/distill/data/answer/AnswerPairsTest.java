package dev.distill.data.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.answer.AnswerComparer.Comparison;
import dev.distill.data.answer.AnswerComparer.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of pairs in {@code pairs.txt}, which says how its lines are read. */
class AnswerPairsTest {
    private final AnswerComparer comparer = AnswerComparer.standard();

    @ParameterizedTest
    @MethodSource("pairs")
    void hasTheOutcomeOfTheTable(String sign, String reference, String answer) {
        Comparison comparison = comparer.compare(reference, answer);
        assertThat(comparison.outcome())
                .as("%s ~ %s: %s", reference, answer, comparison.reason())
                .isIn(outcomes(sign));
    }

    private static Set<Outcome> outcomes(String sign) {
        return switch (sign) {
            case "=" -> Set.of(Outcome.EQUAL);
            case "!" -> Set.of(Outcome.DIFFERENT);
            case "?" -> Set.of(Outcome.UNDECIDED);
            case "x" -> Set.of(Outcome.DIFFERENT, Outcome.UNDECIDED);
            default ->
                throw new IllegalArgumentException("pairs.txt: a line must begin with =, !, ? or x; got " + sign);
        };
    }

    static List<Arguments> pairs() throws IOException {
        List<Arguments> pairs = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(AnswerPairsTest.class.getResourceAsStream("pairs.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] parts = line.split(" ~ ", 3);
                String sign = parts[0].substring(0, 1);
                pairs.add(Arguments.of(sign, parts[1], parts[2]));
                if (!parts[0].endsWith(">")) {
                    pairs.add(Arguments.of(sign, parts[2], parts[1]));
                }
            }
        }
        return pairs;
    }
}
