package dev.distill.student.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shapes of published models by a short name such as {@code qwen2.5-0.5b}: what a measurement of speed or memory needs of a
 * model, which is all but its weights.
 *
 * <p>They are the resource {@code published-shapes.json}: under each name the keys of the model's {@code config.json} that
 * say what is computed, as published, and the page that it comes from. Where a name stands for a base model and an instructed
 * one, it is the base; {@code alike} names repositories whose weights have the same shapes.
 */
public final class PublishedShapes {
    private static final String HUB = "https://huggingface.co/";
    private static final String RESOURCE = "published-shapes.json";

    private PublishedShapes() {}

    /** Every name, by family and size. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        read().fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The shape of this name; empty where there is none. */
    public static Optional<ModelConfig> find(String name) {
        JsonNode shape = read().path(name);
        return shape.isObject() ? Optional.of(ConfigJson.read(shape)) : Optional.empty();
    }

    /**
     * The name of the shape that a repository of the hub has ({@code Qwen/Qwen2.5-0.5B}), by the page that its shape was read from or those that
     * are known to be alike; empty where there is none.
     */
    public static Optional<String> ofRepository(String repository) {
        return read().properties().stream()
                .filter(entry -> isOf(entry.getValue(), repository))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isOf(JsonNode shape, String repository) {
        if (shape.path("source").asText().startsWith(HUB + repository + "/")) {
            return true;
        }
        for (JsonNode alike : shape.path("alike")) {
            if (alike.asText().equals(repository)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode read() {
        try (InputStream in = PublishedShapes.class.getResourceAsStream(RESOURCE)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("a resource of our own can be read", e);
        }
    }
}
