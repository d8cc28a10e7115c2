/**
 * Bytes on the wire: HTTP/1.1 through the JDK's client, server-sent events, time-outs that also cover a body that stalls.
 *
 * <p>Nothing here knows a provider's JSON ({@code dev.distill.teacher.dialect}) or when to ask again
 * ({@code dev.distill.teacher.pace}). Start with {@link dev.distill.teacher.wire.HttpTeacher}.
 */
@NullMarked
package dev.distill.teacher.wire;

import org.jspecify.annotations.NullMarked;
