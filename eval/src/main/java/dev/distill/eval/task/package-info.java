/** (replaced by its owner) */
@NullMarked
package dev.distill.eval.task;

import org.jspecify.annotations.NullMarked;
