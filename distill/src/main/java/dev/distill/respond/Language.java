package dev.distill.respond;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.template.ChatTemplate;
import dev.distill.data.template.RenderException;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.template.ThinkMarkers;
import dev.distill.data.template.jinja.TemplateException;
import dev.distill.data.tokenize.GgufTokenizer;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.tokenize.TokenizerFile;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.weights.GgufFile;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A model's words: its tokenizer and its chat template. Everything that turns text into ids for this model, and back, goes
 * through one of these.
 */
public final class Language implements AutoCloseable {
    private final Path model;
    private final Tokenizer tokenizer;
    private final Template template;

    /** A model's template, or why it has none that could be used. */
    private sealed interface Template {
        record Usable(SampleRenderer renderer) implements Template {}

        record Unusable(RuntimeException reason) implements Template {}
    }

    private Language(Path model, Tokenizer tokenizer, Template template) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.template = template;
    }

    /**
     * Reads {@code tokenizer.json} and the chat template of a Hugging Face folder, or both from a GGUF file. Base models often
     * have no template: they can score and continue texts, but not be asked.
     */
    public static Language open(Path model) throws IOException {
        if (StoredWeights.isGguf(model)) {
            GgufTokenizer words = gguf(model);
            Tokenizer tokenizer = words.open();
            return new Language(model, tokenizer, template(() -> chatTemplate(words, model), tokenizer));
        }
        Tokenizer tokenizer = TokenizerFile.open(model);
        return new Language(model, tokenizer, template(() -> ChatTemplate.of(model), tokenizer));
    }

    /** The words in this GGUF file, not yet ready to use. */
    public static GgufTokenizer gguf(Path model) throws IOException {
        try (GgufFile file = GgufFile.open(model)) {
            return GgufTokenizer.of(file.metadata(), model.toString());
        }
    }

    private static ChatTemplate chatTemplate(GgufTokenizer words, Path model) {
        String source = words.chatTemplate()
                .orElseThrow(() -> new TemplateException(model
                        + " has no template \"default\"; it has none: a base model? give a template of your own"));
        return ChatTemplate.of(source, words.specialTokens());
    }

    private static Template template(Supplier<ChatTemplate> read, Tokenizer tokenizer) {
        try {
            ChatTemplate template = read.get();
            return new Template.Usable(new SampleRenderer(template, tokenizer, ThinkMarkers.of(template.source())));
        } catch (TemplateException | RenderException e) {
            return new Template.Unusable(e);
        }
    }

    /** The folder, or the GGUF file, that these words came from. */
    public Path model() {
        return model;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * Turns conversations into this model's texts.
     *
     * @throws TemplateException if the model has no chat template
     * @throws RenderException if its template cannot be used
     */
    public SampleRenderer renderer() {
        return switch (template) {
            case Template.Usable usable -> usable.renderer;
            case Template.Unusable unusable -> throw unusable.reason;
        };
    }

    /** What stands around the reasoning of this model's replies, as far as its template says. */
    public ThinkMarkers markers() {
        return template instanceof Template.Usable usable ? usable.renderer.markers() : ThinkMarkers.THINK;
    }

    /**
     * Every id that ends a reply: those of the model's config, of {@code generation_config.json}, and the first token of
     * the template's end of turn, where base models' configs often forget one.
     */
    public Set<Integer> endIds(ModelConfig config) throws IOException {
        Set<Integer> ids = new LinkedHashSet<>(config.eosIds());
        Path generation = model.resolve("generation_config.json");
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
