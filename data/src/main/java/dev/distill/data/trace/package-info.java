/**
 * What a trace is: a conversation with a teacher's reasoning and answer, what it cost, and what was found out about it.
 *
 * <p>Plain records without behaviour that needs a library. How they lie on disk is {@code dev.distill.data.shard}'s
 * business; how they are bought, {@code dev.distill.teacher}'s. Start with {@link dev.distill.data.trace.Trace}.
 */
@NullMarked
package dev.distill.data.trace;

import org.jspecify.annotations.NullMarked;
