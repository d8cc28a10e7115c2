@NullMarked
package dev.distill.teacher.pace;

import org.jspecify.annotations.NullMarked;
