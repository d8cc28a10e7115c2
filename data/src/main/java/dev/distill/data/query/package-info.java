/**
 * Which traces a condition picks, in the words of SQL's {@code WHERE}.
 *
 * <p>Reading order: {@link dev.distill.data.query.TraceCondition} is the door; {@link dev.distill.data.query.ConditionParser} has the
 * grammar, {@link dev.distill.data.query.TraceNames} the columns, {@link dev.distill.data.query.Term} what is computed.
 *
 * <p>Where traces lie is {@code dev.distill.data.shard}'s business; which of them are learnt from, {@code dev.distill.data.curate}'s.
 */
@NullMarked
package dev.distill.data.query;

import org.jspecify.annotations.NullMarked;
