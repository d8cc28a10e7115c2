package dev.distill.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** The models by the names that requests call them by. */
final class Models {
    private static final int LONGEST_SHOWN = 200;

    private final SequencedMap<String, Lane> lanes = new LinkedHashMap<>();
    private final long created = System.currentTimeMillis() / 1000;

    Models(List<Lane> lanes) {
        for (Lane lane : lanes) {
            if (this.lanes.put(lane.name(), lane) != null) {
                throw new IllegalArgumentException("serve: two models are called " + lane.name()
                        + "; give each adapter a name of its own: NAME=DIR");
            }
        }
    }

    /** The name of the first: what is asked where none is named. */
    String first() {
        return lanes.firstEntry().getKey();
    }

    Lane lane(String name) throws ApiError {
        Lane lane = lanes.get(name);
        if (lane == null) {
            throw ApiError.modelNotFound("there is no model \""
                    + (name.length() > LONGEST_SHOWN ? name.substring(0, LONGEST_SHOWN) + "..." : name)
                    + "\"; there are: " + String.join(", ", lanes.keySet()));
        }
        return lane;
    }

    /** The list of {@code /v1/models}. */
    ObjectNode list() {
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = root.putArray("data");
        lanes.values().forEach(lane -> data.add(entry(lane)));
        return root;
    }

    /** One entry of it. */
    ObjectNode entry(Lane lane) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", lane.name())
                .put("object", "model")
                .put("created", created)
                .put("owned_by", "distill")
                .put("max_model_len", lane.context());
    }

    Map<String, Lane> lanes() {
        return lanes;
    }
}
