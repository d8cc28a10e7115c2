package dev.distill.demo;

import dev.distill.data.curate.CurationReport;
import dev.distill.data.curate.DropReasons;
import dev.distill.data.curate.Funnel;
import dev.distill.data.trace.Money;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What a curation left behind each check, what a kept trace has cost, what was dropped and why, and of which sources it was. */
final class CurationFigures {
    private final CurationReport report;

    private CurationFigures(CurationReport report) {
        this.report = report;
    }

    static String html(CurationReport report) {
        CurationFigures figures = new CurationFigures(report);
        return figures.tiles() + figures.funnel() + figures.reasons() + figures.sources();
    }

    private String tiles() {
        StringBuilder tiles = new StringBuilder();
        tiles.append(
                Html.tile(Html.percent((double) report.kept() / Math.max(1, report.read())), "of the traces kept"));
        report.spentPerKept().forEach((currency, each) -> {
            Money all = new Money(report.spent().getOrDefault(currency, BigDecimal.ZERO), currency);
            tiles.append(Html.tile(
                    new Money(each, currency).legible(), "for each kept trace, of " + all.legible() + " for all"));
        });
        return "<div class=\"tiles\">\n" + tiles + "</div>\n";
    }

    /** Checks that dropped nothing have no bar. */
    private String funnel() {
        Bars bars = new Bars().left("read", report.read(), 0, report.read());
        for (Funnel.Step step : report.funnel().steps()) {
            if (step.dropped() > 0) {
                bars.left(DropReasons.words(step.check()), step.left(), step.dropped(), report.read());
            }
        }
        return "<h3>What is left behind each check</h3>\n"
                + bars.left("kept", report.kept(), 0, report.read()).html();
    }

    /** The most frequent first. */
    private String reasons() {
        List<Map.Entry<String, Long>> reasons = report.dropped().entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .toList();
        Bars bars = new Bars();
        reasons.forEach(entry -> bars.count(
                DropReasons.words(entry.getKey()),
                entry.getValue(),
                reasons.getFirst().getValue(),
                report.read()));
        return reasons.isEmpty() ? "" : "<h3>What was dropped, and why</h3>\n" + bars.html();
    }

    /** Only where there are several. */
    private String sources() {
        if (report.sources().size() < 2) {
            return "";
        }
        StringBuilder rows = new StringBuilder();
        report.sources()
                .forEach((source, share) -> rows.append(Html.format(
                        "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td></tr>\n",
                        Html.text(source.isEmpty() ? "not known" : source),
                        Html.count(share.read()),
                        Html.count(share.kept()),
                        Html.percent((double) share.kept() / Math.max(1, share.read())))));
        return "<h3>Sources</h3>\n<div class=\"scroll\"><table class=\"sources\">\n"
                + "<tr><th>Source</th><th>Read</th><th>Kept</th><th>Share</th></tr>\n" + rows + "</table></div>\n";
    }
}
