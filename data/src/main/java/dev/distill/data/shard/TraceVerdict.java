package dev.distill.data.shard;

import dev.distill.data.trace.Verdict;

/** What a check that ran apart found out about one trace. */
public record TraceVerdict(String traceId, Verdict verdict) {}
