/**
 * An interpreter for the part of Jinja that chat templates use, with the settings of Hugging Face transformers: {@code
 * trim_blocks} and {@code lstrip_blocks} on, loop controls, {@code generation} blocks, {@code raise_exception}, {@code
 * strftime_now}, and a {@code tojson} that prints as Python's {@code json} does.
 *
 * <p>The way of a template: {@code Lexer} (text to tokens, whitespace control), {@code TemplateParser} and {@code
 * ExpressionParser} (tokens to {@code Node} and {@code Expr}), {@code Interpreter} (statements) and {@code Evaluator}
 * (expressions), whose values are {@code Value}. {@code Filters}, {@code Tests}, {@code Methods} and {@code Functions}
 * are what a template can call. Start with {@link dev.distill.data.template.jinja.JinjaTemplate}.
 *
 * <p>Templates come with models and are not trusted: they see only copies of plain data, there is no reflection, and
 * {@link dev.distill.data.template.jinja.Limits} bounds their work, their output and their depth.
 *
 * <p>Left out, with an error that says so: inheritance, inclusion, recursive loops, {@code **kwargs} in calls,
 * {@code str.format}. What conversations mean to a template is {@code dev.distill.data.template}'s business.
 */
@NullMarked
package dev.distill.data.template.jinja;

import org.jspecify.annotations.NullMarked;
