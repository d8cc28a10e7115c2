@NullMarked
package dev.distill.teacher;

import org.jspecify.annotations.NullMarked;
