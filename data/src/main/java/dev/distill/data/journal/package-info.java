/**
 * Writing files that survive a crash: the append-only journal, whole files that appear at once or not at all, and the lock
 * that keeps two processes from one file.
 *
 * <p>What lies in a record is its writer's business (the harvest's ledger, for example); columnar files are
 * {@code dev.distill.data.shard}'s. Start with {@link dev.distill.data.journal.Journal}; all writing goes through
 * {@link dev.distill.data.journal.Storage}, so that tests can take the power away at every operation. The format is
 * described in docs/formats.md.
 */
@NullMarked
package dev.distill.data.journal;

import org.jspecify.annotations.NullMarked;
