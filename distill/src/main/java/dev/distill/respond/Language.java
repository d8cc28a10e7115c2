package dev.distill.respond;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.template.ChatTemplate;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.template.ThinkMarkers;
import dev.distill.data.tokenize.HfTokenizer;
import dev.distill.student.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A model folder's words: its tokenizer and its chat template. Everything that turns text into ids for this model, and
 * back, goes through one of these.
 */
public final class Language implements AutoCloseable {
    private final Path folder;
    private final HfTokenizer tokenizer;
    private final SampleRenderer renderer;

    private Language(Path folder, HfTokenizer tokenizer, SampleRenderer renderer) {
        this.folder = folder;
        this.tokenizer = tokenizer;
        this.renderer = renderer;
    }

    /** Reads {@code tokenizer.json} and the chat template of a Hugging Face folder. */
    public static Language open(Path folder) {
        HfTokenizer tokenizer = HfTokenizer.open(folder);
        try {
            return new Language(
                    folder, tokenizer, new SampleRenderer(ChatTemplate.of(folder), tokenizer, ThinkMarkers.THINK));
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    public Path folder() {
        return folder;
    }

    public HfTokenizer tokenizer() {
        return tokenizer;
    }

    public SampleRenderer renderer() {
        return renderer;
    }

    /**
     * Every id that ends a reply: those of the model's config, of {@code generation_config.json}, and the first token of
     * the template's end of turn, where base models' configs often forget one.
     */
    public Set<Integer> endIds(ModelConfig config) throws IOException {
        Set<Integer> ids = new LinkedHashSet<>(config.eosIds());
        Path generation = folder.resolve("generation_config.json");
        if (Files.exists(generation)) {
            JsonNode eos = new ObjectMapper().readTree(generation.toFile()).path("eos_token_id");
            if (eos.isInt()) {
                ids.add(eos.asInt());
            }
            eos.forEach(id -> ids.add(id.asInt()));
        }
        OptionalInt endOfTurn = tokenizer.id(renderer.endOfTurn().strip());
        endOfTurn.ifPresent(ids::add);
        return ids;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
