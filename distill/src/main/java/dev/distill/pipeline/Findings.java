package dev.distill.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What was found while traces became samples, as far as it is not in the samples: kept with them, for whoever finds them made.
 *
 * @param traces that were read
 * @param unfit those that make no sample, by kind in the order of the first of each
 * @param barred those that their own verdicts forbid
 * @param markers what is wrong with the reasoning's markers; null if nothing is
 * @param unknown a token that the model has not; null if there is none
 */
record Findings(
        int traces,
        SequencedMap<String, Kind> unfit,
        Map<Barred, Barred.Found> barred,
        @Nullable String markers,
        @Nullable String unknown) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Findings {
        unfit = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(unfit));
        barred = Map.copyOf(barred);
    }

    /**
     * Traces of one kind that make no sample.
     *
     * @param first what is said of the first of them
     */
    record Kind(int count, String first) {
        Kind another() {
            return new Kind(count + 1, first);
        }
    }

    /** As text, see docs/formats.md. */
    String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("traces", traces);
        ObjectNode kinds = json.putObject("unfit");
        unfit.forEach(
                (name, kind) -> kinds.putObject(name).put("count", kind.count).put("first", kind.first));
        ObjectNode forbidden = json.putObject("barred");
        barred.forEach((kind, found) -> {
            ObjectNode one =
                    forbidden.putObject(kind.word()).put("count", found.count()).put("why", found.why());
            found.ids().forEach(one.putArray("ids")::add);
        });
        json.put("markers", markers).put("unknown", unknown);
        return json.toString();
    }

    static Findings read(String text) throws IOException {
        JsonNode json = JSON.readTree(text);
        SequencedMap<String, Kind> unfit = new LinkedHashMap<>();
        for (var kind : json.path("unfit").properties()) {
            unfit.put(
                    kind.getKey(),
                    new Kind(
                            kind.getValue().path("count").asInt(),
                            kind.getValue().path("first").asText()));
        }
        Map<Barred, Barred.Found> barred = new EnumMap<>(Barred.class);
        for (Barred kind : Barred.values()) {
            JsonNode one = json.path("barred").path(kind.word());
            if (one.isObject()) {
                List<String> ids = new ArrayList<>();
                one.path("ids").forEach(id -> ids.add(id.asText()));
                barred.put(
                        kind,
                        new Barred.Found(
                                one.path("count").asInt(), ids, one.path("why").asText()));
            }
        }
        return new Findings(
                json.path("traces").asInt(),
                unfit,
                barred,
                json.path("markers").textValue(),
                json.path("unknown").textValue());
    }
}
