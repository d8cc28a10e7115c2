@NullMarked
package dev.distill.teacher.pay;

import org.jspecify.annotations.NullMarked;
