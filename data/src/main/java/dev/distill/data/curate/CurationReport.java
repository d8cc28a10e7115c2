package dev.distill.data.curate;

import java.util.List;
import java.util.Map;

/**
 * What a curation did, for people and for {@code --json}: plain numbers, strings, lists and maps.
 *
 * @param read traces in
 * @param kept traces out
 * @param dropped per reason, in the order of the checks, reasons without a drop included; adds up to read - kept
 * @param failed how many traces failed each filter, those included that another filter had dropped before
 * @param examples the first few dropped traces of each reason
 */
public record CurationReport(
        long read,
        long kept,
        Map<String, Long> dropped,
        Map<String, Long> failed,
        Map<String, List<Example>> examples) {
    /** One dropped trace: its id, and the value that decided. */
    public record Example(String trace, String detail) {}

    /** Rows removed per held-out set, by the set's name. */
    public Map<String, Long> contaminated() {
        Map<String, Long> sets = new java.util.LinkedHashMap<>();
        dropped.forEach((reason, count) -> {
            if (reason.startsWith(Decontamination.PREFIX)) {
                sets.put(reason.substring(Decontamination.PREFIX.length()), count);
            }
        });
        return sets;
    }
}
