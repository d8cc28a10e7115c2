/** (replaced by its owner) */
@NullMarked
package dev.distill.data.tokenize;

import org.jspecify.annotations.NullMarked;
