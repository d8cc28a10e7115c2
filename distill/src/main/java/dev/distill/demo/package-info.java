/**
 * The demo: the whole job on this machine with nothing else, through the same stages as a real run. What is special here
 * is the embedded teacher, the twin that learns answers alone, the account of planted faults, and the report page.
 *
 * <p>Start with {@link dev.distill.demo.Demo}.
 */
@NullMarked
package dev.distill.demo;

import org.jspecify.annotations.NullMarked;
