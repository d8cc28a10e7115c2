@NullMarked
package dev.distill.teacher.harvest;

import org.jspecify.annotations.NullMarked;
