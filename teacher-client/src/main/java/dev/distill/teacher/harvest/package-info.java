/**
 * The loop over many prompts: asks for every sample of every prompt, keeps each reply in a ledger before it counts, and writes
 * the ledger out as shards, in the order of the prompts.
 *
 * <p>A unit of work is one sample of one prompt with one set of parameters, named by
 * {@link dev.distill.data.trace.Trace#unitId}. A unit that the ledger holds is never asked for again, whatever happened in
 * between. How files lie on disk is {@code dev.distill.data.journal}'s and {@code dev.distill.data.shard}'s; what a record of
 * the ledger holds is {@link dev.distill.teacher.harvest.LedgerEntry}'s. Start with
 * {@link dev.distill.teacher.harvest.Harvester}, then read {@code HarvestRun}: the life of a unit is its method {@code live}. What is
 * asked next is {@code Agenda}'s; through a batch API it is {@code BatchRun} that asks.
 */
@NullMarked
package dev.distill.teacher.harvest;

import org.jspecify.annotations.NullMarked;
