@NullMarked
package dev.distill.teacher.score;

import org.jspecify.annotations.NullMarked;
