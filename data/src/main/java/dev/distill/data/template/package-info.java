/**
 * How a conversation becomes the text that a model reads, and how its reply falls into reasoning and answer.
 *
 * <p>Start with {@link dev.distill.data.template.ChatTemplate}, which renders the template that comes with a model. {@link
 * dev.distill.data.template.SampleRenderer} makes training samples with it and holds that training sees exactly what
 * inference will; {@link dev.distill.data.template.ReasoningSplitter} takes replies apart again.
 *
 * <p>The language of the templates is {@code dev.distill.data.template.jinja}'s business, token ids are {@code
 * dev.distill.data.tokenize}'s, and laying samples out in batches is {@code dev.distill.data.pack}'s.
 */
@NullMarked
package dev.distill.data.template;

import org.jspecify.annotations.NullMarked;
