/**
 * A recipe and the stages that it describes: read the YAML, run harvest, verify, curate, train, eval and export one after the
 * other, each into a folder of its own with a manifest, none twice for the same inputs and settings.
 *
 * <p>How a stage does its work lives elsewhere ({@code dev.distill.teacher.harvest}, {@code dev.distill.data.curate},
 * {@code dev.distill.train}, {@code dev.distill.eval}, {@code dev.distill.export}). Start with {@link
 * dev.distill.pipeline.Pipeline}; {@link dev.distill.pipeline.Recipe} lists every key.
 */
@NullMarked
package dev.distill.pipeline;

import org.jspecify.annotations.NullMarked;
