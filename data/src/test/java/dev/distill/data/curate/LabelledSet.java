package dev.distill.data.curate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The labelled traces beside {@code labelled/README.md}, by an author who had not seen the filters. Faults of the filters were
 * looked for in one half; the other one only measures. A hash of the id says which.
 */
final class LabelledSet {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Stands within what looks like a key, so that whoever scans the files for leaks finds none. */
    private static final String CUT = "{cut}";

    /** The files, and the filters of which one must find the fault. */
    enum Fault {
        NEGATIVES,
        IDENTITY(NoIdentityLeak.NAME),
        REFUSAL(NoRefusal.NAME),
        MIXED_LANGUAGE(LanguageConsistency.NAME),
        REPETITION(dev.distill.data.curate.Repetition.NAME),
        UNREADABLE(Readability.NAME),
        BOILERPLATE(NoBoilerplate.NAME),
        UNFINISHED(Complete.NAME, NonEmpty.NAME),
        PII(NoSecrets.NAME),
        CODE_IN_REASONING(NoCodeBlocks.NAME),
        LENGTH(LengthOutlier.NAME, NonEmpty.NAME);

        private final List<String> filters;

        Fault(String... filters) {
            this.filters = List.of(filters);
        }

        List<String> filters() {
            return filters;
        }
    }

    /** @param seen whether this one is of the half that may be looked at */
    record Labelled(String id, Fault fault, String topic, Trace trace, boolean seen) {}

    private LabelledSet() {}

    static List<Labelled> read() {
        List<Labelled> all = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            String file = "labelled/" + fault.name().toLowerCase(java.util.Locale.ROOT) + ".jsonl";
            try (InputStream in = Objects.requireNonNull(LabelledSet.class.getResourceAsStream(file), file)) {
                for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                    all.add(labelled(fault, JSON.readTree(line.replace(CUT, ""))));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return all;
    }

    private static Labelled labelled(Fault fault, JsonNode record) {
        String id = record.get("id").asText();
        JsonNode reasoning = record.get("reasoning");
        @Nullable String thought = reasoning == null || reasoning.isNull() ? null : reasoning.asText();
        Trace trace = Traces.trace(
                record.get("question").asText(), thought, record.get("answer").asText(), null);
        boolean seen = Integer.parseInt(Hash.of(List.of(id)).substring(0, 1), 16) % 2 == 0;
        return new Labelled(id, fault, record.get("topic").asText(), trace, seen);
    }
}
