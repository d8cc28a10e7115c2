/**
 * What replies cost and how much may be spent: dated prices, the cost of a reply, and a budget that is never exceeded.
 *
 * <p>Prices are data with a date, in {@code tariffs.yaml}, never code. Limits on requests and tokens a minute are
 * {@code dev.distill.teacher.pace}'s. Start with {@link dev.distill.teacher.pay.Budget}.
 */
@NullMarked
package dev.distill.teacher.pay;

import org.jspecify.annotations.NullMarked;
