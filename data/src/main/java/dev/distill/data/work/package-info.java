/** Work on many things at a time. */
@NullMarked
package dev.distill.data.work;

import org.jspecify.annotations.NullMarked;
