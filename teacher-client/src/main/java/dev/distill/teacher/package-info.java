/**
 * Asking a teacher: the request, what came of it, and the key that pays for it.
 *
 * <p>Here are the words that the other packages share: {@link dev.distill.teacher.TeacherRequest} goes in, an
 * {@link dev.distill.teacher.Exchange} with one sealed {@link dev.distill.teacher.Outcome} comes out. How a provider
 * writes requests and replies is {@code dialect}'s; bytes and time-outs are {@code wire}'s; prices and the budget are
 * {@code pay}'s; waiting and giving up are {@code pace}'s; the loop over many prompts is {@code harvest}'s. What a trace is
 * and how it lies on disk belongs to the module {@code data}. Start with {@link dev.distill.teacher.Teacher}.
 */
@NullMarked
package dev.distill.teacher;

import org.jspecify.annotations.NullMarked;
