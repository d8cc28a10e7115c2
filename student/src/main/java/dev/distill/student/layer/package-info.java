/**
 * The layers of the decoder, each one class with its forward and, right below, the backward that differentiates it.
 *
 * <p>A layer holds its weights and nothing else. What a backward needs of its forward is a {@code Saved} record that
 * the forward returns; its tensors, and all results, live in the step's workspace. A layer takes numbers and tensors,
 * never a model's config: putting layers together is {@code dev.distill.student.model}'s; the arithmetic is
 * {@code dev.distill.student.ops}'.
 *
 * <p>Letters: N positions of all sequences, packed; B sequences while decoding; C model width; H query heads, K
 * key/value heads, D head width; F MLP width; I and O a projection's input and output width; V vocabulary; S slots and
 * P positions of a key/value cache. {@code dx} is the gradient of the loss by {@code x}.
 *
 * <p>Start with {@link dev.distill.student.layer.Block}.
 */
@NullMarked
package dev.distill.student.layer;

import org.jspecify.annotations.NullMarked;
