package dev.distill.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.curate.CurationReport;
import java.math.BigDecimal;
import java.util.Map;
import java.util.SortedMap;

/** What a curation came to, in the fields that docs and scripts name. */
final class CurationJson {
    /** Field that {@link #table} shows to people. */
    static final String CHECKS = "checks";

    private CurationJson() {}

    static void put(ObjectNode node, CurationReport report) {
        node.put("read", report.read()).put("kept", report.kept());
        report.dropped().forEach(node.putObject("dropped")::put);
        SortedMap<String, BigDecimal> each = report.spentPerKept();
        if (report.spent().size() == 1) {
            each.forEach((currency, amount) -> node.putObject("spent_per_kept")
                    .put("amount", amount.stripTrailingZeros().toPlainString())
                    .put("currency", currency));
        }
        Map<String, Long> alone = report.alone();
        if (alone != null) {
            ObjectNode checks = node.putObject(CHECKS);
            alone.forEach((name, count) -> {
                ObjectNode check = checks.putObject(name)
                        .put("alone", count)
                        .put("in_order", report.dropped().getOrDefault(name, 0L));
                Long only = report.only().get(name);
                if (only != null) {
                    check.put("only", only);
                }
            });
        }
    }

    /** The checks as a table for people; empty where nobody has asked for it. */
    static String table(CurationReport report) {
        Map<String, Long> alone = report.alone();
        if (alone == null) {
            return "";
        }
        StringBuilder table =
                new StringBuilder(String.format("%-32s %12s %12s %12s%n", "check", "alone", "in order", "only it"));
        alone.forEach((name, count) -> table.append(String.format(
                "%-32s %12d %12d %12s%n",
                name,
                count,
                report.dropped().getOrDefault(name, 0L),
                report.only().containsKey(name) ? report.only().get(name) : "")));
        return table.toString().stripTrailing();
    }
}
