/**
 * What teachers do wrong in their texts, planted on purpose: one class per {@link
 * dev.distill.teacher.embedded.fault.ContentFault}, its wording in resource files of the same package.
 *
 * <p>What goes wrong on the wire is {@code dev.distill.teacher.embedded}'s. The texts here were written without knowledge of
 * the curation filters, and none of these strings may be copied into a filter: what curation catches of them is the demo's
 * honest measure of it. Start with {@link dev.distill.teacher.embedded.fault.Draft}.
 */
@NullMarked
package dev.distill.teacher.embedded.fault;

import org.jspecify.annotations.NullMarked;
