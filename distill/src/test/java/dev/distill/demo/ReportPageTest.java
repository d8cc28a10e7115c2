package dev.distill.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.curate.CurationReport;
import dev.distill.data.trace.Money;
import dev.distill.demo.DemoResult.SideBySide;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.report.TaskScore;
import dev.distill.export.ParityGate.Parity;
import dev.distill.pipeline.ExportStage.Exported;
import dev.distill.teacher.harvest.Ending;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.teacher.harvest.Unanswered;
import dev.distill.train.Exam;
import dev.distill.train.Resident;
import dev.distill.train.StepReport;
import dev.distill.train.TrainResult;
import dev.distill.train.Validation;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

@NullMarked
class ReportPageTest {
    private static final String HOSTILE = "<script>alert('x & \"y\"')</script>\u0000]]>";

    @Test
    void everyFigureIsThere() throws Exception {
        String text = text(parse(ReportPage.of(result("What is 6 x 7?"))));

        assertThat(text).contains("Distill demo", "75.0 %", "Student, majority of 8", "Twin");
        // Wilson for 3 of 4: (0.75 + z²/8) / (1 + z²/4) -+ ... = 0.3006 and 0.9544.
        assertThat(text).contains("30.1 to 95.4");
        assertThat(text).contains("5,678,901", "12.34 USD", "0.50 USD", "traces of 102; 2 failed for good");
        assertThat(text).contains("90 of 100 traces kept, 10 dropped");
        // 40 steps of 0.1 s, 100 tokens each of which 80 are trained
        assertThat(text).contains("40 steps, 3,200 tokens learnt", "training, mean of each step");
        assertThat(text).contains("4 straining the student, 1,000 tokens/s", "4 straining its twin, 1,000 tokens/s");
        assertThat(text).contains("2 min 05 s", "runs/demo/export", "parity holds");
    }

    @Test
    void whatWasDroppedIsToldInWordsWithItsShareOfAllTraces() throws Exception {
        NodeList bars = parse(ReportPage.of(result("?"))).getElementsByTagName("div");
        List<String> drops = new ArrayList<>();
        for (int i = 0; i < bars.getLength(); i++) {
            Element bar = (Element) bars.item(i);
            if (bar.getAttribute("class").equals("bar")
                    && bar.getTextContent().matches("(?s)\\D*\\d+ \\d\\.\\d %\\s*")) {
                drops.add(bar.getTextContent().replaceAll("\\s+", " ").strip());
            }
        }
        // of 100 traces, the most frequent reason first, none that dropped nothing
        assertThat(drops).containsExactly("nearly a duplicate 7 7.0 %", "wrong answer 3 3.0 %");
    }

    /** Kinds of one check are one step; a check that dropped nothing has none. */
    @Test
    void theFunnelSaysWhatIsLeftBehindEachCheckAndWhatAKeptTraceCosts() throws Exception {
        DemoResult result = result("?", curated());
        Document page = parse(ReportPage.of(result));
        List<String> left = new ArrayList<>();
        NodeList bars = page.getElementsByTagName("div");
        for (int i = 0; i < bars.getLength(); i++) {
            Element bar = (Element) bars.item(i);
            String text = bar.getTextContent().replaceAll("\\s+", " ").strip();
            if (bar.getAttribute("class").equals("bar") && text.matches("(read|kept) .*|.* %, \u2212\\d+")) {
                left.add(text);
            }
        }
        assertThat(left)
                .containsExactly(
                        "read 200 100.0 %",
                        "refusal 190 95.0 %, \u221210",
                        "wrong answer 170 85.0 %, \u221220",
                        "contamination 160 80.0 %, \u221210",
                        "kept 160 80.0 %");
        // 3.20 over 160
        assertThat(text(page)).contains("0.020 USDfor each kept trace, of 3.20 USD for all", "refusal: harm");
        assertThat(text(page)).contains("numina", "150", "camel <b>");
    }

    static CurationReport curated() {
        Map<String, Long> dropped = new LinkedHashMap<>();
        dropped.put("refusal", 0L);
        dropped.put("repetition", 0L);
        dropped.put("math", 20L);
        dropped.put("contamination:aime", 6L);
        dropped.put("contamination:math500", 4L);
        dropped.put("refusal:harm", 10L);
        return new CurationReport(
                200,
                160,
                dropped,
                Map.of(),
                Map.of(),
                null,
                new TreeMap<>(),
                Map.of(),
                new TreeMap<>(Map.of(
                        "numina", new CurationReport.Share(150, 120),
                        "camel <b>", new CurationReport.Share(50, 40))),
                new TreeMap<>(Map.of("USD", new BigDecimal("3.20"))));
    }

    @Test
    void theQuestionCanBePutToTheExportFromAShell() throws Exception {
        NodeList blocks = parse(ReportPage.of(result("Eve's $5 & 2 > 1?"))).getElementsByTagName("pre");

        assertThat(blocks.item(blocks.getLength() - 1).getTextContent())
                .isEqualTo("scripts/distill generate --model runs/demo/export --temperature 0"
                        + " --prompt 'Eve'\\''s $5 & 2 > 1?'");
    }

    @Test
    void theFaultTableCountsWhatWasMissedAndGivesNoShareOfNothing() throws Exception {
        Element table = (Element)
                parse(ReportPage.of(result("?"))).getElementsByTagName("table").item(0);

        // planted 8, caught 6, 1 of the 5 dropped without a fault: recall 6/8, precision 4/5
        assertThat(cells(table, 1)).containsExactly("wrong answer", "8", "6", "2", "1", "75.0 %", "80.0 %");
        assertThat(cells(table, 2)).containsExactly("refusal", "0", "0", "0", "0", "\u2013", "\u2013");
        assertThat(cells(table, 3)).containsExactly("all", "8", "6", "2", "1", "75.0 %", "80.0 %");
    }

    @Test
    void textOfModelsIsNeverMarkup() throws Exception {
        String page = ReportPage.of(result(HOSTILE));
        Document document = parse(page);

        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(page).doesNotContain("<script");
        // The question, both reasonings and both answers, the control character replaced.
        assertThat(text(document).split("alert\\('x & \"y\"'\\)</script>\uFFFD", -1))
                .hasSize(6);
    }

    @Test
    void eachModelHasALossCurveInsideItsAxes() throws Exception {
        NodeList lines = parse(ReportPage.of(result("?"))).getElementsByTagName("polyline");

        assertThat(lines.getLength()).isEqualTo(2);
        for (int i = 0; i < lines.getLength(); i++) {
            String[] points = ((Element) lines.item(i)).getAttribute("points").split(" ");
            assertThat(points).hasSize(40);
            for (String point : points) {
                String[] xy = point.split(",");
                assertThat(Double.parseDouble(xy[0])).isBetween(56.0, 458.0);
                assertThat(Double.parseDouble(xy[1])).isBetween(12.0, 232.0);
            }
        }
    }

    @Test
    void aRunThatDroppedNothingAndHasNoReasoningIsStillAPage() throws Exception {
        DemoResult full = result("?");
        DemoResult bare = new DemoResult(
                full.harvest(),
                report(5, 5, Map.of("refusal", 0L)),
                List.of(),
                new TrainResult(List.of(), Path.of("none")),
                full.twinTraining(),
                full.before(),
                full.after(),
                full.majority(),
                full.twin(),
                full.export(),
                List.of(new SideBySide("?", "1", "one", "1", null, "2", false)),
                full.report(),
                1);

        assertThat(text(parse(ReportPage.of(bare)))).contains("(none)", "\u2717 wrong", "5 of 5 traces kept");
    }

    @Test
    void figuresAreTheSameInEveryLanguage() {
        Locale before = Locale.getDefault();
        String page = ReportPage.of(result("?"));
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(ReportPage.of(result("?"))).isEqualTo(page);
        } finally {
            Locale.setDefault(before);
        }
    }

    private static Document parse(String page) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(page)));
    }

    private static String text(Document document) {
        return document.getDocumentElement().getTextContent();
    }

    private static List<String> cells(Element table, int row) {
        NodeList nodes = table.getElementsByTagName("tr").item(row).getChildNodes();
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            cells.add(nodes.item(i).getTextContent());
        }
        return cells;
    }

    private static DemoResult result(String modelText) {
        Map<String, Long> dropped = new LinkedHashMap<>();
        dropped.put("refusal", 0L);
        dropped.put("math", 3L);
        dropped.put("near_duplicate", 7L);
        return result(modelText, report(100, 90, dropped));
    }

    /** @param modelText stands wherever a model's words do */
    static DemoResult result(String modelText, CurationReport curation) {
        Money half = new Money(new BigDecimal("0.5"), "USD");
        Money spent = new Money(new BigDecimal("12.34"), "USD");
        return new DemoResult(
                new HarvestResult(
                        new Ending.Done(),
                        102,
                        100,
                        new TreeMap<>(Map.of("cut", 2)),
                        1234,
                        5678901,
                        spent,
                        half,
                        new Unanswered(0, Money.zero("USD")),
                        new TreeMap<>(),
                        List.of()),
                curation,
                List.of(new FaultAccount("wrong_answer", 8, 6, 1, 5), new FaultAccount("refusal", 0, 0, 0, 0)),
                training(4),
                training(2),
                score(0, 1),
                score(3, 1),
                score(3, 8),
                score(1, 1),
                new Exported(
                        Path.of("runs/demo/export"), List.of("config.json"), 1_500_000, new Parity(1e-5, 20, 1, 1e-4)),
                List.of(new SideBySide(modelText, "42", modelText, modelText, modelText, modelText, true)),
                Path.of("runs/demo/report.html"),
                125);
    }

    private static TaskScore score(int right, int samples) {
        return new TaskScore(
                "held-out",
                "student",
                4,
                samples,
                Interval.wilson(right, 4),
                right / 4.0,
                Map.of(Grade.RIGHT, right, Grade.WRONG, 4 - right),
                60,
                List.of());
    }

    /** Step 0 with a validation loss alone, then forty steps with a falling loss. */
    private static TrainResult training(double start) {
        List<StepReport> reports = new ArrayList<>();
        reports.add(report(0, Double.NaN, start));
        for (int step = 1; step <= 40; step++) {
            double loss = start / Math.sqrt(step);
            reports.add(report(step, loss, step % 10 == 0 ? loss : Double.NaN));
        }
        return new TrainResult(reports, Path.of("checkpoint"));
    }

    private static StepReport report(int step, double loss, double validationLoss) {
        int tokens = step == 0 ? 0 : 100;
        return new StepReport(
                step,
                new StepReport.Learning(
                        loss,
                        StepReport.Teaching.NONE,
                        1,
                        1e-3,
                        tokens,
                        tokens * 4 / 5,
                        0,
                        Validation.Losses.of(validationLoss),
                        Exam.Score.NONE),
                new StepReport.Cost(Instant.EPOCH, step == 0 ? 0 : 0.1, Resident.UNKNOWN, Double.NaN));
    }

    private static CurationReport report(long read, long kept, Map<String, Long> dropped) {
        return new CurationReport(
                read,
                kept,
                dropped,
                Map.of(),
                Map.of(),
                null,
                new TreeMap<>(),
                Map.of(),
                new TreeMap<>(),
                new TreeMap<>());
    }
}
