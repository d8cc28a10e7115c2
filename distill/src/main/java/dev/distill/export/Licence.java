package dev.distill.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.distill.student.weights.GgufFile;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The licence of weights.
 *
 * @param id as the hub writes it, for example {@code apache-2.0}; {@code other} where it is not a common one or not known
 * @param origin where this was read, for people
 */
public record Licence(String id, String origin) {
    /** A licence that the hub has no id for, or that nobody stated. */
    public static final String OTHER = "other";

    private static final Pattern CARD_HEADER = Pattern.compile("\\A---\\R(.*?)\\R---", Pattern.DOTALL);
    private static final List<String> LICENCE_FILES = List.of("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE");

    /** The licence that the recipe states. */
    public static Licence stated(String id) {
        return new Licence(id, "stated in the recipe");
    }

    /** What the folder of a model says, its card first, then its licence file; or what the metadata of a GGUF file say. */
    public static Licence of(Path model) throws IOException {
        if (StoredWeights.isGguf(model)) {
            try (GgufFile file = GgufFile.open(model)) {
                return file.metadata().get("general.license") instanceof String id
                        ? new Licence(id, "the base model's file")
                        : new Licence(
                                OTHER,
                                "the base model's file states none; find it out before you publish these weights");
            }
        }
        Optional<Licence> inCard = inCard(model.resolve("README.md"));
        if (inCard.isPresent()) {
            return inCard.get();
        }
        for (String name : LICENCE_FILES) {
            if (Files.isRegularFile(model.resolve(name))) {
                return new Licence(recognised(Files.readString(model.resolve(name))), "the base model's " + name);
            }
        }
        return new Licence(OTHER, "the base model's folder states none; find it out before you publish these weights");
    }

    private static Optional<Licence> inCard(Path card) throws IOException {
        if (!Files.isRegularFile(card)) {
            return Optional.empty();
        }
        Matcher header = CARD_HEADER.matcher(Files.readString(card));
        if (!header.find()) {
            return Optional.empty();
        }
        try {
            JsonNode id = new YAMLMapper().readTree(header.group(1)).path("license");
            return id.isTextual() ? Optional.of(new Licence(id.asText(), "the base model's card")) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty(); // a card that the hub could not read either
        }
    }

    /** The two licences that most open weights have, by their own first words. */
    private static String recognised(String text) {
        String beginning =
                text.strip().substring(0, Math.min(200, text.strip().length())).toLowerCase(Locale.ROOT);
        if (beginning.contains("apache license") && beginning.contains("version 2.0")) {
            return "apache-2.0";
        }
        return beginning.contains("mit license") ? "mit" : OTHER;
    }

    /** Whether a reader must look the terms up. */
    boolean isOther() {
        return id.equals(OTHER);
    }
}
