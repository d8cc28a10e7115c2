package dev.distill.data.curate;

/**
 * A held-out text that was found.
 *
 * @param document its number
 * @param nearly whether it was found by its words' order and its numbers, not by common n-grams
 */
record HeldOutMatch(int document, boolean nearly) {}
