@NullMarked
package dev.distill.teacher.dialect;

import org.jspecify.annotations.NullMarked;
