package dev.distill.data.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.answer.Extracted.Source;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pairs of answers that other graders' authors judged: Math-Verify's tests and the MATH benchmark's own. */
@Tag("conformance")
class EquivalenceConformanceTest {
    /** What this grader reached; Math-Verify 0.9.0 itself gives the expected outcome for 129 of the 138. */
    private static final int EXPECTED_OF_138 = 138;

    @Test
    void agreesWithMathVerifysTestsAtLeastAsOftenAsMathVerify() throws IOException {
        JsonNode cases = read("math_equivalence/math_verify_dev.json");
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            String fault = cases.get(i).has("gold") ? judged(cases.get(i)) : extracted(cases.get(i));
            if (!fault.isEmpty()) {
                wrong.add(i + ": " + fault);
            }
        }
        assertThat(cases.size() - wrong.size())
                .as("pairs as expected; others: %s", wrong)
                .isGreaterThanOrEqualTo(EXPECTED_OF_138);
    }

    @Test
    void agreesWithTheMathBenchmarksOwnGrader() throws IOException {
        AnswerComparer comparer = new AnswerComparer(new ComparisonRules(6, false, true, true));
        for (JsonNode pair : read("math_equivalence/hendrycks_is_equiv_16.json")) {
            boolean equal =
                    comparer.compare(pair.get("a").asText(), pair.get("b").asText())
                                    .outcome()
                            == AnswerComparer.Outcome.EQUAL;
            assertThat(equal).as(pair.toString()).isEqualTo(pair.get("expected").asBoolean());
        }
    }

    private static String judged(JsonNode pair) {
        boolean latexOnly = pair.get("_assert").asText().contains("match_types=['latex']");
        Set<Source> sources =
                latexOnly ? EnumSet.of(Source.BOXED, Source.STATED, Source.LATEX) : EnumSet.allOf(Source.class);
        ComparisonRules rules = new ComparisonRules(
                pair.path("precision").asInt(6),
                pair.path("allow_set_relation_comp").asBoolean(false),
                pair.path("strict").asBoolean(true),
                false);
        Verdict verdict = new MathVerifier(AnswerExtractor.of(sources), new AnswerComparer(rules))
                .verify(pair.get("gold").asText(), pair.get("pred").asText());
        boolean expected = pair.path("expected").asInt(pair.path("result").asInt()) == 1;
        return expected == (verdict.outcome() == Verdict.Outcome.PASS)
                ? ""
                : verdict.reason() + " in " + pair.get("gold") + " | " + pair.get("pred");
    }

    /** Three of the cases ask for the letter of a multiple choice alone. */
    private static String extracted(JsonNode question) {
        String letters = question.get("config").toString().contains("'U'") ? "U" : "ABCD";
        String letter = ChoiceLetter.in(question.get("pred").asText(), letters).orElse("");
        JsonNode expected = question.get("expected");
        String wanted =
                expected.isEmpty() ? "" : expected.get(expected.size() - 1).asText();
        return letter.equals(wanted) ? "" : letter + " instead of " + wanted;
    }

    private static JsonNode read(String file) throws IOException {
        Path folder = Path.of(System.getProperty("distill.conformance", ""));
        Path path = folder.resolve(file);
        assumeTrue(
                !folder.toString().isEmpty() && Files.exists(path),
                "skipped: no " + file + " in the folder named by -Ddistill.conformance (\"" + folder + "\")");
        return new ObjectMapper().readTree(path.toFile());
    }
}
