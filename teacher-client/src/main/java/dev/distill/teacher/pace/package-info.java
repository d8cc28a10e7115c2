/**
 * How fast, how often, and when to stop: what each outcome leads to, waiting between attempts, limits on requests in flight and
 * a minute, and giving up when nothing works.
 *
 * <p>Money is {@code dev.distill.teacher.pay}'s. Start with {@link dev.distill.teacher.pace.Policy}.
 */
@NullMarked
package dev.distill.teacher.pace;

import org.jspecify.annotations.NullMarked;
