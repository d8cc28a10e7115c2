package dev.distill.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The fields of a JSON object, each to be asked for by name. A field that is null is as good as none. What nobody has asked for is unknown, and
 * refused at the end: {@link #refuseOthers}.
 */
final class Fields {
    private static final int LONGEST_SHOWN = 60;

    private final ObjectNode object;
    private final String path;
    private final Set<String> known = new HashSet<>();

    private Fields(ObjectNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** Those of a request. */
    static Fields of(ObjectNode request) {
        return new Fields(request, "");
    }

    /** Those of an object within one, whose name in messages this is. */
    static Fields of(JsonNode node, String path) throws ApiError {
        if (node instanceof ObjectNode object) {
            return new Fields(object, path + ".");
        }
        throw ApiError.invalid(path, path + " must be an object; got " + shown(node));
    }

    /** The field's name in messages: {@code messages[3].content}. */
    String name(String field) {
        return path + field;
    }

    Optional<JsonNode> value(String field) {
        known.add(field);
        return Optional.ofNullable(object.get(field)).filter(node -> !node.isNull());
    }

    /** An object within this one, without fields where there is none. */
    Fields inner(String field) throws ApiError {
        return of(value(field).orElse(JsonNodeFactory.instance.objectNode()), name(field));
    }

    Optional<String> text(String field) throws ApiError {
        Optional<JsonNode> value = value(field);
        if (value.isPresent() && !value.get().isTextual()) {
            throw wrong(field, "must be a string", value.get());
        }
        return value.map(JsonNode::textValue);
    }

    boolean flag(String field, boolean standard) throws ApiError {
        Optional<JsonNode> value = value(field);
        if (value.isPresent() && !value.get().isBoolean()) {
            throw wrong(field, "must be true or false", value.get());
        }
        return value.map(JsonNode::booleanValue).orElse(standard);
    }

    OptionalLong whole(String field, long least, long most) throws ApiError {
        Optional<JsonNode> value = value(field);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        JsonNode number = value.get();
        if (!number.isIntegralNumber()
                || !number.canConvertToLong()
                || number.longValue() < least
                || number.longValue() > most) {
            throw wrong(field, "must be a whole number from " + least + " to " + most, number);
        }
        return OptionalLong.of(number.longValue());
    }

    int whole(String field, int least, int most, int standard) throws ApiError {
        return (int) whole(field, least, most).orElse(standard);
    }

    OptionalDouble number(String field, double least, double most) throws ApiError {
        Optional<JsonNode> value = value(field);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        JsonNode number = value.get();
        if (!number.isNumber() || !(number.doubleValue() >= least) || !(number.doubleValue() <= most)) {
            throw wrong(field, "must be a number from " + least + " to " + most, number);
        }
        return OptionalDouble.of(number.doubleValue());
    }

    /** What has no say in what is answered. */
    void ignore(String... fields) {
        known.addAll(Set.of(fields));
    }

    /**
     * A field that would change the answer and is not followed here: only values that ask for nothing are taken.
     *
     * @param neutral such values in JSON
     */
    void refuse(String field, String... neutral) throws ApiError {
        Optional<JsonNode> value = value(field);
        if (value.isPresent() && !Set.of(neutral).contains(value.get().toString())) {
            throw ApiError.unsupported(
                    name(field), name(field) + " is not supported by this server; got " + shown(value.get()));
        }
    }

    /** @throws ApiError for the first field that was not asked for */
    void refuseOthers() throws ApiError {
        for (String field : (Iterable<String>) object::fieldNames) {
            if (!known.contains(field) && !object.path(field).isNull()) {
                throw ApiError.unsupported(name(field), "there is no parameter " + name(field));
            }
        }
    }

    ApiError wrong(String field, String rule, JsonNode got) {
        return ApiError.invalid(name(field), name(field) + " " + rule + "; got " + shown(got));
    }

    static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }
}
