package dev.distill.data.journal;

/**
 * What was found in a journal.
 *
 * @param records whole records, all of them replayed
 * @param bytes the length of the file up to the end of the last whole frame
 * @param tornBytes bytes after that: what a crash left of a frame that was never acknowledged
 */
public record Recovery(long records, long bytes, long tornBytes) {}
