package dev.distill.data.publish;

import dev.distill.data.shard.TableColumn;
import dev.distill.data.trace.Trace;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Traces as rows of a format. What cannot be said in it is an IllegalArgumentException that names the trace and another format. */
interface TraceTable {
    List<TableColumn> columns();

    /** Rows of plain values, by the names of the columns, in their order. */
    Iterator<Map<String, @Nullable Object>> rows(Iterator<Trace> traces);
}
