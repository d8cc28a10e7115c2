package dev.distill.data.shard;

/**
 * The tokens of one trace as its teacher wrote them.
 *
 * @param traceId of the trace
 * @param tokens with what the teacher expected in their places
 */
public record TeacherTokens(String traceId, SaidTokens tokens) {}
