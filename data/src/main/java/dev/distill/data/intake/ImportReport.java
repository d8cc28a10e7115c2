package dev.distill.data.intake;

import dev.distill.data.shard.Manifest;
import java.util.List;

/**
 * What an import came to.
 *
 * @param manifest of the folder of traces
 * @param formats of the files, each once
 * @param rows that were read, those skipped included
 * @param traces that they made
 * @param skipped rows that could not be read; {@code skipped.jsonl} lists them
 * @param examples the first of these, for a person
 * @param repeated whether the folder held this import already, so that nothing was done
 */
public record ImportReport(
        Manifest manifest,
        List<String> formats,
        long rows,
        long traces,
        long skipped,
        List<String> examples,
        boolean repeated) {
    public ImportReport {
        formats = List.copyOf(formats);
        examples = List.copyOf(examples);
    }
}
