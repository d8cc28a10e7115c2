/**
 * The curation of {@code dev.distill.data.curate} on Apache Spark, with the same outcome row for row and file for file.
 *
 * <p>Reading order: {@link dev.distill.data.spark.SparkCurationEngine} is what is called; {@link
 * dev.distill.data.spark.SparkCuration} the main path; {@link dev.distill.data.spark.SparkSelection} chooses, step by step.
 * What a step means is said by {@code Selection} over there; here each is the same over shuffles that are sorted, so that no
 * worker holds more than a small part, however skewed the traces are. {@link dev.distill.data.spark.Cluster} is Spark itself. What is
 * known of each trace lies in files that all workers see; Spark carries keys, and the shingles of traces that may be alike.
 *
 * <p>Only Spark's core is used here, no SQL. docs/spark.md is for users.
 */
@NullMarked
package dev.distill.data.spark;

import org.jspecify.annotations.NullMarked;
