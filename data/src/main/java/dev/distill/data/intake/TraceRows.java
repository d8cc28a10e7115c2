package dev.distill.data.intake;

import java.util.List;

/** Takes the rows of one format apart: a trace for each reply. What is wrong with a row is an IllegalArgumentException that names the column. */
interface TraceRows {
    /** @param settings for the names of columns that the user gave */
    List<Said> read(Columns row, ImportSettings settings);
}
