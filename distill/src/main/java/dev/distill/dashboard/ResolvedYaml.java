package dev.distill.dashboard;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code resolved.yaml} as values by their full keys, in the words that stand there, as manifests have them: {@code 3e-3}, {@code [a, b]}. */
final class ResolvedYaml {
    private static final YAMLFactory YAML = new YAMLFactory();

    private ResolvedYaml() {}

    static ObjectNode values(String text) throws IOException {
        ObjectNode values = new ObjectMapper().createObjectNode();
        try (JsonParser parser = YAML.createParser(text)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                section(parser, "", values);
            }
        }
        return values;
    }

    private static void section(JsonParser parser, String prefix, ObjectNode values) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = prefix + parser.currentName();
            switch (parser.nextToken()) {
                case START_OBJECT -> section(parser, key + ".", values);
                case START_ARRAY -> values.put(key, list(parser).toString());
                default -> values.put(key, parser.getText());
            }
        }
    }

    private static List<String> list(JsonParser parser) throws IOException {
        List<String> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(parser.getText());
            parser.skipChildren();
        }
        return items;
    }
}
