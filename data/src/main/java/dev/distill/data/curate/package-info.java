/**
 * Which traces a student may learn from: filters, duplicates, decontamination, choice, and the report that counts every
 * one that was dropped.
 *
 * <p>Reading order: {@link dev.distill.data.curate.Curation} is the main path; each {@link
 * dev.distill.data.curate.TraceFilter} looks at one trace alone and leaves its verdict on it; {@link
 * dev.distill.data.curate.NearDuplicates} and {@link dev.distill.data.curate.Choice} look at the traces that came before.
 * The filters are those of DeepSeek-R1 (wrong, mixed languages, repetition, long paragraphs, code blocks in the
 * reasoning) and those that harvests need besides.
 *
 * <p>Whether an answer is right is {@code dev.distill.data.answer}'s business; where traces lie on disk, {@code
 * dev.distill.data.shard}'s; what is made of the traces that were kept, {@code dev.distill.data.pack}'s.
 */
@NullMarked
package dev.distill.data.curate;

import org.jspecify.annotations.NullMarked;
