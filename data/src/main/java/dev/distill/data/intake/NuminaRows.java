package dev.distill.data.intake;

import java.util.List;

/** NuminaMath: a worked solution, which is no reply of a reasoning model. */
final class NuminaRows implements TraceRows {
    @Override
    public List<Said> read(Columns row, ImportSettings settings) {
        Said said = Said.of(Said.asked(row.any("system"), row.text("problem")), Reply.of(row.text("solution")), row);
        return List.of(
                row.any(Columns.REFERENCES) == null
                        ? said.withReference(References.inSolution(row.text("solution")))
                        : said);
    }
}
