package dev.distill.data.publish;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.shard.TableColumn;
import dev.distill.data.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each row says of its trace beside the text: where it comes from, what is known of it. Trainers pass it over; {@code traces import} reads it. */
final class About {
    static final List<TableColumn> COLUMNS = List.of(
            TableColumn.text("trace_id"),
            TableColumn.text("prompt_id"),
            TableColumn.whole("sample"),
            TableColumn.text("reference"),
            TableColumn.text("source"),
            TableColumn.text("teacher"),
            TableColumn.text("domain"),
            TableColumn.text("license"),
            TableColumn.text("finish_reason"),
            TableColumn.structs(
                    "verdicts", TableColumn.text("by"), TableColumn.text("outcome"), TableColumn.text("reason")),
            TableColumn.text("extra"));

    private static final ObjectMapper JSON = new ObjectMapper();

    private About() {}

    /** These columns behind those. */
    static List<TableColumn> behind(TableColumn... text) {
        List<TableColumn> all = new ArrayList<>(List.of(text));
        all.addAll(COLUMNS);
        return all;
    }

    static void put(Trace trace, Map<String, @Nullable Object> row) {
        row.put("trace_id", trace.id());
        row.put("prompt_id", trace.promptId());
        row.put("sample", trace.sample());
        row.put("reference", trace.reference());
        row.put("source", trace.source());
        row.put("teacher", trace.teacher());
        row.put("domain", trace.domain());
        row.put("license", trace.licence());
        row.put("finish_reason", trace.finish().word());
        row.put(
                "verdicts",
                trace.verdicts().stream()
                        .map(verdict -> Map.of(
                                "by", verdict.by(),
                                "outcome", verdict.outcome().word(),
                                "reason", verdict.reason()))
                        .toList());
        ObjectNode extra = JSON.createObjectNode();
        trace.extra().forEach(extra::put);
        row.put("extra", extra.toString());
    }
}
