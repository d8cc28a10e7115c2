package dev.distill.hub;

import static dev.distill.hub.HubException.Kind.NOT_FOUND;
import static dev.distill.hub.HubException.Kind.UNSUITABLE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a repository make a model: configuration, tokenizer, templates, licence and card, and the weights in
 * safetensors; or one GGUF file. Never a pickle ({@code .bin}, {@code .pt}): reading one runs its author's code.
 */
final class ModelFiles {
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String GGUF = ".gguf";

    private static final Pattern BESIDE_WEIGHTS = Pattern.compile("config\\.json|generation_config\\.json|tokenizer.*"
            + "|chat_template.*|additional_chat_templates/[^/]+\\.jinja|vocab\\..*|merges\\..*"
            + "|special_tokens_map\\.json|added_tokens\\.json|LICEN[CS]E.*|README\\.md|" + Pattern.quote(INDEX));
    private static final Pattern PICKLE = Pattern.compile(".*\\.(bin|pt|pth|pkl|ckpt)");
    private static final Pattern SHARD = Pattern.compile("[^/]+-\\d+-of-\\d+\\.safetensors");
    private static final Pattern IN_TOP_FOLDER = Pattern.compile("[^/]+\\.safetensors");

    private ModelFiles() {}

    /**
     * The files to fetch, the weights last.
     *
     * @param names of all files of the repository
     * @throws HubException if they make no model, or several
     */
    static List<String> of(HubId id, List<String> names) throws HubException {
        String file = id.file();
        if (file != null) {
            if (!names.contains(file)) {
                throw new HubException(NOT_FOUND, "hub: " + id + ": there is no such file; " + choices(id, names));
            }
            return List.of(file);
        }
        List<String> weights = weights(names);
        if (weights.isEmpty()) {
            throw unsuitable(id, names);
        }
        if (!names.contains(CONFIG)) {
            throw new HubException(
                    UNSUITABLE, "hub: " + id + ": must hold a " + CONFIG + ", and does not; is it an adapter?");
        }
        List<String> wanted = matching(
                names,
                name -> BESIDE_WEIGHTS.matcher(name).matches()
                        && !PICKLE.matcher(name).matches());
        wanted.addAll(weights);
        return wanted;
    }

    /** An index names shards; files of other layouts ({@code consolidated.safetensors}) hold the same weights again. */
    private static List<String> weights(List<String> names) {
        if (names.contains(INDEX)) {
            List<String> shards = matching(names, name -> SHARD.matcher(name).matches());
            return shards.isEmpty()
                    ? matching(names, name -> IN_TOP_FOLDER.matcher(name).matches())
                    : shards;
        }
        return names.contains(SINGLE) ? List.of(SINGLE) : List.of();
    }

    private static HubException unsuitable(HubId id, List<String> names) {
        String what = "hub: " + id + ": must hold " + SINGLE + ", or shards and their index; ";
        if (names.stream().anyMatch(name -> name.endsWith(GGUF))) {
            return new HubException(UNSUITABLE, what + choices(id, names));
        }
        return new HubException(
                UNSUITABLE,
                names.stream().anyMatch(name -> PICKLE.matcher(name).matches())
                        ? what + "it holds its weights as pickles, which are not fetched, for reading one may run any"
                                + " code; look for a revision in safetensors and give it as " + id.repository()
                                + "@REVISION"
                        : what + "it does not; is it a language model?");
    }

    private static String choices(HubId id, List<String> names) {
        List<String> files = matching(names, name -> name.endsWith(GGUF));
        if (files.isEmpty()) {
            return "it holds no GGUF file at all";
        }
        HubId whole = new HubId(id.kind(), id.repository(), id.revision(), null);
        return files.stream()
                .map(name -> "\n  " + whole + ":" + name)
                .collect(Collectors.joining("", "give one of", ""));
    }

    private static List<String> matching(List<String> names, Predicate<String> rule) {
        return names.stream().filter(rule).collect(Collectors.toCollection(ArrayList::new));
    }

    /** What a snapshot lacks to be used without the hub; nothing where it is whole. */
    static List<String> missing(Path snapshot, @Nullable String file) throws IOException {
        List<String> needed = new ArrayList<>();
        if (file != null) {
            needed.add(file);
        } else {
            needed.addAll(List.of(CONFIG, TOKENIZER));
            Path index = snapshot.resolve(INDEX);
            if (Files.exists(index)) {
                needed.addAll(shards(index));
            } else {
                needed.add(SINGLE);
            }
        }
        needed.removeIf(name -> Files.exists(snapshot.resolve(name)));
        return needed;
    }

    private static List<String> shards(Path index) throws IOException {
        try {
            JsonNode map = new ObjectMapper().readTree(index.toFile()).path("weight_map");
            return map.properties().stream()
                    .map(entry -> entry.getValue().asText())
                    .filter(name -> !RemoteFile.leadsOut(name))
                    .distinct()
                    .toList();
        } catch (JsonProcessingException e) {
            return List.of(INDEX + " in JSON");
        }
    }
}
