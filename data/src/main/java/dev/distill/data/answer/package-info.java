/** (replaced by its owner) */
@NullMarked
package dev.distill.data.answer;

import org.jspecify.annotations.NullMarked;
