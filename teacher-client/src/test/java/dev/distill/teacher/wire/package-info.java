@NullMarked
package dev.distill.teacher.wire;

import org.jspecify.annotations.NullMarked;
