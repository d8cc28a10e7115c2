/** What an evaluation came to: one score a task, as a record, as JSON and as lines for people. */
@NullMarked
package dev.distill.eval.report;

import org.jspecify.annotations.NullMarked;
