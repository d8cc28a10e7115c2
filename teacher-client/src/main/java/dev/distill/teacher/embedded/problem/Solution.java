package dev.distill.teacher.embedded.problem;

/**
 * A problem as this teacher solves it.
 *
 * @param reasoning plan, digit by digit working, check; lines with a line break between them
 * @param answer one sentence with the result in {@code \boxed{}}
 * @param value the result in the box
 * @param slip the kind of the mistake made on purpose; empty where it is right
 */
public record Solution(String reasoning, String answer, long value, String slip) {}
