/**
 * Adapters: few trained weights beside a frozen base (LoRA), their names as PEFT writes them, and merging them away.
 *
 * <p>The base's layers are {@code dev.distill.student.layer}'s; files are {@code dev.distill.student.weights}'. Start
 * with {@link dev.distill.student.adapter.Lora}.
 */
@NullMarked
package dev.distill.student.adapter;

import org.jspecify.annotations.NullMarked;
