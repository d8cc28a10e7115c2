package dev.distill.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One experiment, as a YAML file says it: what to ask whom, what to keep, which student to train how, how to score it
 * and what to write. A recipe that exists is valid; all its problems were reported at once. Sections that a stage does not
 * need may be missing.
 *
 * @param name of the experiment; its run's folder is {@code runs/NAME} unless the command says otherwise
 * @param seed of every choice that chance makes
 */
public record Recipe(
        String name,
        long seed,
        Optional<TeacherPart> teacher,
        Optional<PromptsPart> prompts,
        Optional<RewritePart> rewrite,
        HarvestPart harvest,
        VerifyPart verify,
        CuratePart curate,
        Optional<StudentPart> student,
        TrainPart train,
        Optional<EvalPart> eval,
        ExportPart export,
        PlanPart plan,
        ResolvedRecipe resolved) {

    /** The values with their origins, as {@code --print-resolved} shows them, and by key for manifests. */
    public record ResolvedRecipe(String yaml, SequencedMap<String, String> values) {
        public ResolvedRecipe {
            values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
        }

        /** The values of these sections. */
        SequencedMap<String, String> of(String... sections) {
            SequencedMap<String, String> found = new LinkedHashMap<>();
            values.forEach((key, value) -> {
                if (Arrays.stream(sections).anyMatch(section -> key.equals(section) || key.startsWith(section + "."))) {
                    found.put(key, value);
                }
            });
            return found;
        }
    }

    /** What must be there for a recipe whose stage cannot do without. */
    static <T> T required(Optional<T> part, String section, String stage) {
        return part.orElseThrow(() ->
                new RecipeException("recipe", List.of(section + ": is missing; " + stage + " needs this section")));
    }

    /**
     * Reads a recipe.
     *
     * @param file null where all values come as options
     * @param options values that replace the file's, by full key, for example {@code train.steps}
     * @throws RecipeException with every problem of file and options
     */
    public static Recipe read(@Nullable Path file, Map<String, String> options) throws IOException {
        if (file == null) {
            return read("options", JsonNodeFactory.instance.objectNode(), Path.of(""), options);
        }
        if (Files.isDirectory(file)) {
            throw new RecipeException(file.toString(), List.of("is a folder; give the YAML file of the experiment"));
        }
        if (!Files.isRegularFile(file)) {
            throw new RecipeException(file.toString(), List.of("there is no such file"));
        }
        Path base = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
        return read(file.toString(), parse(file.toString(), Files.readString(file)), base, options);
    }

    /** Reads a recipe that this program carries in itself. */
    public static Recipe readResource(String resource, Map<String, String> options) throws IOException {
        try (InputStream in = Recipe.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no resource " + resource + " in this program");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String name = String.valueOf(Path.of(resource).getFileName());
            return read(name, parse(name, text), Path.of(""), options);
        }
    }

    private static Recipe read(String where, JsonNode yaml, Path base, Map<String, String> options) {
        Resolved resolved = new Resolved();
        Section top = new Section(new SectionValues("", yaml, options, resolved), base);
        String name = top.text("name", stem(where));
        if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
            top.problem("name", "must be 1 to 100 letters, digits, '.', '_' or '-'; got " + name);
        }
        long seed = top.whole("seed", 1L, 0, Long.MAX_VALUE);
        Recipe recipe = new Recipe(
                name,
                seed,
                part(top, "teacher", TeacherPart::read),
                part(top, "prompts", PromptsPart::read),
                part(top, "rewrite", RewritePart::read),
                HarvestPart.read(top.section("harvest")),
                VerifyPart.read(top.section("verify")),
                CuratePart.read(top.section("curate")),
                part(top, "student", StudentPart::read),
                TrainPart.read(top.section("train")),
                part(top, "eval", EvalPart::read),
                ExportPart.read(top.section("export")),
                PlanPart.read(top.section("plan")),
                new ResolvedRecipe("", new LinkedHashMap<>()));
        top.done();
        if (!resolved.problems().isEmpty()) {
            throw new RecipeException(where, resolved.problems());
        }
        return recipe.with(new ResolvedRecipe(resolved.toYaml(), resolved.texts()));
    }

    private Recipe with(ResolvedRecipe values) {
        return new Recipe(
                name, seed, teacher, prompts, rewrite, harvest, verify, curate, student, train, eval, export, plan,
                values);
    }

    /** The same experiment with this student. */
    Recipe with(StudentPart other) {
        return new Recipe(
                name,
                seed,
                teacher,
                prompts,
                rewrite,
                harvest,
                verify,
                curate,
                Optional.of(other),
                train,
                eval,
                export,
                plan,
                resolved);
    }

    /** The same experiment, trained so. */
    Recipe with(TrainPart other) {
        return new Recipe(
                name, seed, teacher, prompts, rewrite, harvest, verify, curate, student, other, eval, export, plan,
                resolved);
    }

    private static <T> Optional<T> part(Section top, String key, java.util.function.Function<Section, T> reader) {
        boolean given = top.has(key);
        Section section = top.section(key);
        return given ? Optional.of(reader.apply(section)) : Optional.empty();
    }

    private static JsonNode parse(String where, String text) {
        YAMLMapper yaml = new YAMLMapper(YAMLFactory.builder()
                .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build());
        try {
            JsonNode node = yaml.readTree(text);
            return node == null || node.isMissingNode() ? JsonNodeFactory.instance.objectNode() : node;
        } catch (JsonProcessingException e) {
            String at = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
            throw new RecipeException(
                    where,
                    List.of(at + "is not YAML: "
                            + e.getOriginalMessage()
                                    .lines()
                                    .filter(line ->
                                            !line.isBlank() && !line.startsWith(" ")) // where, and what stands there
                                    .collect(Collectors.joining(", "))));
        }
    }

    private static String stem(String where) {
        return String.valueOf(Path.of(where).getFileName()).replaceFirst("\\.ya?ml$", "");
    }
}
