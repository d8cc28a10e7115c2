package dev.distill.pipeline;

import dev.distill.data.curate.CurationReport;
import dev.distill.data.curate.DropReasons;
import dev.distill.data.curate.Funnel;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.trace.Money;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The card of curated traces: beside what all cards say, what each check dropped. */
final class CurationCard {
    private CurationCard() {}

    static DatasetCard of(String recipe, CurationReport report) {
        return new DatasetCard(recipe + ": curated traces", "other", notes(report));
    }

    private static String notes(CurationReport report) {
        StringJoiner text = new StringJoiner("\n");
        text.add("What is left of the harvest after curation.")
                .add("")
                .add("## Curation")
                .add("");
        text.add(summary(report)).add("");
        text.add(
                        "Each dropped trace counts for the first check that it failed, in the order of the table; `failed` counts all that a"
                                + " filter would have dropped or labelled, `only it` those that no other filter would have dropped."
                                + " `decisions.jsonl` says it of each trace.")
                .add("");
        Map<String, Long> alone = report.alone();
        if (alone != null) {
            text.add("`alone` counts what each check would drop if there were no other.")
                    .add("");
        }
        text.add("| check | what | dropped | failed | only it | left |" + (alone == null ? "" : " alone |"))
                .add("|---|---|---|---|---|---|" + (alone == null ? "" : "---|"));
        for (Funnel.Step step : report.funnel().steps()) {
            long left = step.left() + step.dropped();
            for (String kind : step.kinds()) {
                long dropped = report.dropped().getOrDefault(kind, 0L);
                left -= dropped;
                text.add("| `" + cell(kind) + "` | " + cell(DropReasons.words(kind)) + " | " + dropped + " | "
                        + count(report.failed().get(kind)) + " | "
                        + count(report.only().get(kind)) + " | " + left + " |"
                        + (alone == null ? "" : " " + count(alone.get(kind)) + " |"));
            }
        }
        if (report.sources().size() > 1) {
            text.add("").add("| source | read | kept |").add("|---|---|---|");
            report.sources()
                    .forEach((source, share) ->
                            text.add("| " + cell(source) + " | " + share.read() + " | " + share.kept() + " |"));
        }
        return text.toString();
    }

    private static String summary(CurationReport report) {
        String each = report.spentPerKept().entrySet().stream()
                .map(spent -> new Money(spent.getValue(), spent.getKey()).legible())
                .collect(Collectors.joining(" and "));
        return String.format(
                Locale.ROOT,
                "%d traces read, %d kept (%.1f %%)%s.",
                report.read(),
                report.kept(),
                100.0 * report.kept() / Math.max(1, report.read()),
                each.isEmpty() ? "" : ", at " + each + " each");
    }

    /** Empty where it is not counted: only filters fail a trace, the steps behind them choose. */
    private static String count(@Nullable Long count) {
        return count == null ? "" : count.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
