package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FunnelTest {
    private static CurationReport report(
            long read, long kept, Map<String, Long> dropped, Map<String, Long> failed, Map<String, BigDecimal> spent) {
        return new CurationReport(
                read,
                kept,
                dropped,
                failed,
                Map.of(),
                null,
                new TreeMap<>(),
                Map.of(),
                new TreeMap<>(),
                new TreeMap<>(spent));
    }

    /** Kinds stand at the place of their check, whenever the first of them was found. */
    @Test
    void eachCheckIsOneStepInTheOrderOfTheChecks() {
        Map<String, Long> dropped = new LinkedHashMap<>();
        dropped.put("finished", 5L);
        dropped.put("refusal", 0L);
        dropped.put("contamination:aime", 2L);
        dropped.put("contamination:math500", 3L);
        dropped.put("near_duplicate", 0L);
        dropped.put("refusal:harm", 4L);
        dropped.put("refusal:politics_china", 6L);
        Map<String, Long> failed = new LinkedHashMap<>(Map.of("identity:label", 9L)); // a label drops nothing
        Funnel funnel = report(100, 80, dropped, failed, Map.of()).funnel();

        assertThat(funnel.read()).isEqualTo(100);
        assertThat(funnel.steps())
                .containsExactly(
                        new Funnel.Step("finished", List.of("finished"), 5, 95),
                        new Funnel.Step("refusal", List.of("refusal:harm", "refusal:politics_china"), 10, 85),
                        new Funnel.Step("contamination", List.of("contamination:aime", "contamination:math500"), 5, 80),
                        new Funnel.Step("near_duplicate", List.of("near_duplicate"), 0, 80),
                        new Funnel.Step("identity", List.of("identity:label"), 0, 80));
    }

    @Test
    void aCheckThatFoundSomethingOfNoKindIsToldBesideItsKinds() {
        Map<String, Long> dropped = new LinkedHashMap<>();
        dropped.put("refusal", 1L);
        dropped.put("refusal:harm", 2L);
        assertThat(report(3, 0, dropped, Map.of(), Map.of()).funnel().steps())
                .containsExactly(new Funnel.Step("refusal", List.of("refusal", "refusal:harm"), 3, 0));
    }

    @Test
    void aKeptTraceCostsItsShareOfAllThatWasSpent() {
        Map<String, BigDecimal> spent = Map.of("USD", new BigDecimal("3.20"), "EUR", BigDecimal.ZERO);
        assertThat(report(200, 160, Map.of(), Map.of(), spent).spentPerKept())
                .containsOnlyKeys("USD")
                .hasEntrySatisfying("USD", each -> assertThat(each).isEqualByComparingTo("0.02"));
        assertThat(report(9, 0, Map.of(), Map.of(), spent).spentPerKept()).isEmpty();
    }

    @Test
    void reasonsAreWordsAndUnknownOnesStayThemselves() {
        assertThat(DropReasons.words("contamination:math-500")).isEqualTo("math-500 question");
        assertThat(DropReasons.words("finished")).isEqualTo("cut off");
        assertThat(DropReasons.words("refusal:politics_china")).isEqualTo("refusal: politics china");
        assertThat(DropReasons.words("some_new_check")).isEqualTo("some new check");
    }
}
