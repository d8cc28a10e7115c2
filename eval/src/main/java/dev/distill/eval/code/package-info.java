/**
 * Answers that are programs: what the program is, which tests it must pass, and whether it does.
 *
 * <p>Reading order: {@link dev.distill.eval.code.CodeVerifier} is the main path. {@link dev.distill.eval.code.CodeBlock} takes the program out of an
 * answer, {@link dev.distill.eval.code.CodeProblem} reads the tests out of a reference, {@code Programs} makes something that runs, and each {@code
 * CodeTest} judges one run. How a program is kept from doing harm is {@code dev.distill.eval.sandbox}'s business.
 */
@NullMarked
package dev.distill.eval.code;

import org.jspecify.annotations.NullMarked;
