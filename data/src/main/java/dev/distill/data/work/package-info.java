/** Work on many things at a time, on all cores. Start with {@link dev.distill.data.work.InOrder}. */
@NullMarked
package dev.distill.data.work;

import org.jspecify.annotations.NullMarked;
