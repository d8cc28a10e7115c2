package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the order of reading decides nothing between rows of one id. */
class CanonicalKeyTest {
    @TempDir
    Path scratch;

    /** Rows of one id that differ in one thing each, of which one stays: always the same one. */
    @Test
    void whatIsKeptOfATraceTellsRowsApartWhateverTheOrder() throws IOException {
        List<Trace> rows = new ArrayList<>(rowsOfOneId());
        CurationSettings exact = CurationSettings.NONE.withDuplicates(true, null);
        CurationSettings drawn = CurationSettings.NONE.choosing(
                null, null, new Mix(Mix.By.SOURCE, List.of(), new TreeMap<>(Map.of("test", 1.0)), 3, 4));
        Set<Trace> last = kept(exact, rows);
        Set<Trace> lastDrawn = kept(drawn, rows);
        assertThat(last).hasSize(1);
        assertThat(lastDrawn).hasSize(3);
        for (long seed = 0; seed < 40; seed++) {
            Collections.shuffle(rows, new Random(seed));
            assertThat(kept(exact, rows)).as("seed %d", seed).isEqualTo(last);
            assertThat(kept(drawn, rows)).as("seed %d", seed).isEqualTo(lastDrawn);
            List<Trace> two = rows.subList(0, 2);
            assertThat(kept(exact, two.reversed())).as("seed %d", seed).isEqualTo(kept(exact, two));
        }
    }

    private Set<Trace> kept(CurationSettings settings, List<Trace> traces) throws IOException {
        Set<Trace> kept = new HashSet<>();
        Curation.run(settings, traces::stream, scratch, decision -> {
            if (decision instanceof Decision.Kept) {
                kept.add(decision.trace());
            }
        });
        return kept;
    }

    private static List<Trace> rowsOfOneId() {
        Row row = new Row("p", new TreeMap<>(), Usage.NONE, "0", 1, List.of(), null, null, new TreeMap<>());
        return List.of(
                row.trace(),
                new Row("q", row.parameters, row.usage, "0", 1, row.verdicts, null, null, row.extra).trace(),
                new Row("p", new TreeMap<>(Map.of("t", "1")), row.usage, "0", 1, row.verdicts, null, null, row.extra)
                        .trace(),
                new Row("p", row.parameters, new Usage(1, 0, 0, 0), "0", 1, row.verdicts, null, null, row.extra)
                        .trace(),
                new Row("p", row.parameters, row.usage, "0.00", 1, row.verdicts, null, null, row.extra).trace(),
                new Row("p", row.parameters, row.usage, "0", 2, row.verdicts, null, null, row.extra).trace(),
                new Row("p", row.parameters, row.usage, "0", 1, List.of(Verdict.pass("v", "")), null, null, row.extra)
                        .trace(),
                new Row("p", row.parameters, row.usage, "0", 1, row.verdicts, "math", "MIT", row.extra).trace(),
                new Row("p", row.parameters, row.usage, "0", 1, row.verdicts, "code", "proprietary", row.extra).trace(),
                new Row("p", row.parameters, row.usage, "0", 1, row.verdicts, null, "MIT", row.extra).trace(),
                new Row("p", row.parameters, row.usage, "0", 1, row.verdicts, "", null, row.extra).trace(),
                new Row(
                                "p",
                                row.parameters,
                                row.usage,
                                "0",
                                1,
                                row.verdicts,
                                null,
                                null,
                                new TreeMap<>(Map.of("t", "1")))
                        .trace());
    }

    /** What of a trace is neither its text nor its id. */
    private record Row(
            String promptId,
            TreeMap<String, String> parameters,
            Usage usage,
            String cost,
            int attempts,
            List<Verdict> verdicts,
            @Nullable String domain,
            @Nullable String licence,
            TreeMap<String, String> extra) {
        Trace trace() {
            Trace t = Traces.honest();
            return new Trace(
                    t.id(),
                    promptId,
                    t.sample(),
                    t.messages(),
                    t.reasoning(),
                    t.answer(),
                    t.rawReply(),
                    t.finish(),
                    t.reference(),
                    t.source(),
                    t.teacher(),
                    parameters,
                    usage,
                    new Money(new BigDecimal(cost), "USD"),
                    attempts,
                    t.completedAt(),
                    verdicts,
                    domain,
                    licence,
                    extra);
        }
    }
}
