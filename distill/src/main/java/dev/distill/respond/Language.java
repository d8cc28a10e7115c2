package dev.distill.respond;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.template.ChatTemplate;
import dev.distill.data.template.RenderException;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.template.ThinkMarkers;
import dev.distill.data.template.jinja.TemplateException;
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
    private final Template template;

    /** A folder's template, or why it has none that could be used. */
    private sealed interface Template {
        record Usable(SampleRenderer renderer) implements Template {}

        record Unusable(RuntimeException reason) implements Template {}
    }

    private Language(Path folder, HfTokenizer tokenizer, Template template) {
        this.folder = folder;
        this.tokenizer = tokenizer;
        this.template = template;
    }

    /**
     * Reads {@code tokenizer.json} and the chat template of a Hugging Face folder. Base models often have no template: they
     * can score and continue texts, but not be asked.
     */
    public static Language open(Path folder) {
        HfTokenizer tokenizer = HfTokenizer.open(folder);
        return new Language(folder, tokenizer, template(folder, tokenizer));
    }

    private static Template template(Path folder, HfTokenizer tokenizer) {
        try {
            return new Template.Usable(new SampleRenderer(ChatTemplate.of(folder), tokenizer, ThinkMarkers.THINK));
        } catch (TemplateException | RenderException e) {
            return new Template.Unusable(e);
        }
    }

    public Path folder() {
        return folder;
    }

    public HfTokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * Turns conversations into this model's texts.
     *
     * @throws TemplateException if the folder has no chat template
     * @throws RenderException if its template cannot be used
     */
    public SampleRenderer renderer() {
        return switch (template) {
            case Template.Usable usable -> usable.renderer;
            case Template.Unusable unusable -> throw unusable.reason;
        };
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
        if (template instanceof Template.Usable usable) {
            OptionalInt endOfTurn = tokenizer.id(usable.renderer.endOfTurn().strip());
            endOfTurn.ifPresent(ids::add);
        }
        return ids;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
