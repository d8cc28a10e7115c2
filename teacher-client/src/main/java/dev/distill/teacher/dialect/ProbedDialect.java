package dev.distill.teacher.dialect;

import java.util.List;

/**
 * What a probe has found out, as it is kept.
 *
 * @param facts of the server
 * @param model of which it was asked
 * @param findings one line each
 */
public record ProbedDialect(DialectFacts facts, String model, List<String> findings) {
    public ProbedDialect {
        findings = List.copyOf(findings);
    }
}
