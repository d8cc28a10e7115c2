/**
 * How providers write requests and replies: everything that depends on a provider's JSON and on nothing else.
 *
 * <p>What is known of a provider is data: {@link dev.distill.teacher.dialect.DialectFacts}, read by
 * {@link dev.distill.teacher.dialect.DialectTable} from {@code dialects.yaml}, each fact with its source and date. One that speaks OpenAI's
 * format is added there, or in a file of one's own, without code. {@link dev.distill.teacher.dialect.Dialect} writes requests by it and knows which
 * parameters take effect. Formats of requests and replies are code, three of each: {@code RequestForm} and the sealed
 * {@link dev.distill.teacher.dialect.ReplyReader}. Status codes and error bodies are {@link dev.distill.teacher.dialect.ErrorReader}'s. Bytes,
 * events and time-outs belong to {@code dev.distill.teacher.wire}.
 */
@NullMarked
package dev.distill.teacher.dialect;

import org.jspecify.annotations.NullMarked;
