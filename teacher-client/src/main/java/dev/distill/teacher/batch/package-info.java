/**
 * A provider's batch API, as OpenAI has it: a file of requests goes up, a batch is made of it and worked off within a day, files of
 * replies and of errors come down. Each call of {@link dev.distill.teacher.batch.BatchApi} is one HTTP exchange.
 *
 * <p>Which units go into a batch, what is kept of one and when to ask again is {@code dev.distill.teacher.harvest}'s. Start with
 * {@link dev.distill.teacher.batch.BatchApi}.
 */
@NullMarked
package dev.distill.teacher.batch;

import org.jspecify.annotations.NullMarked;
