/**
 * How providers write requests and replies: everything that depends on a provider's JSON and on nothing else.
 *
 * <p>A {@link dev.distill.teacher.dialect.Dialect} is a small record that writes requests and knows which parameters a provider
 * ignores. Reading is one class for all of them, {@link dev.distill.teacher.dialect.ReplyReader}, because one host speaks
 * several ways within a month. Status codes and error bodies are {@link dev.distill.teacher.dialect.ErrorReader}'s. Bytes,
 * events and time-outs belong to {@code dev.distill.teacher.wire}.
 */
@NullMarked
package dev.distill.teacher.dialect;

import org.jspecify.annotations.NullMarked;
