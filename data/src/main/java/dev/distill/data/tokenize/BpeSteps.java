package dev.distill.data.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The steps before and after the model of a {@code tokenizer.json}, as far as {@link BpeTokenizer} knows them.
 *
 * @param composesUnicode whether texts are put into normal form C
 * @param scanners what cuts texts into words
 */
record BpeSteps(boolean composesUnicode, List<WordScanner> scanners) {
    /** @param unsupported makes the exception for a step that is not known */
    static BpeSteps of(JsonNode root, Function<String, TokenizerException> unsupported) {
        boolean composes = false;
        for (JsonNode step : flat(root.path("normalizer"), "normalizers")) {
            if (!step.path("type").asText().equals("NFC")) {
                throw unsupported.apply("its normalizer is " + brief(step) + ", not NFC");
            }
            composes = true;
        }
        List<WordScanner> scanners = new ArrayList<>();
        List<JsonNode> cuts = flat(root.path("pre_tokenizer"), "pretokenizers");
        if (cuts.isEmpty() || !cuts.getLast().path("type").asText().equals("ByteLevel")) {
            throw unsupported.apply("its pre_tokenizer does not end in ByteLevel");
        }
        for (JsonNode step : cuts) {
            scanners.addAll(scanner(step, step == cuts.getLast(), unsupported));
        }
        List<JsonNode> decoders = flat(root.path("decoder"), "decoders");
        if (decoders.size() != 1 || !decoders.getFirst().path("type").asText().equals("ByteLevel")) {
            throw unsupported.apply("its decoder is not ByteLevel");
        }
        return new BpeSteps(composes, List.copyOf(scanners));
    }

    /** The steps of a sequence, or of sequences of them. */
    private static List<JsonNode> flat(JsonNode step, String field) {
        if (step.isMissingNode() || step.isNull()) {
            return List.of();
        }
        if (!step.path("type").asText().equals("Sequence")) {
            return List.of(step);
        }
        List<JsonNode> all = new ArrayList<>();
        step.path(field).forEach(each -> all.addAll(flat(each, field)));
        return all;
    }

    private static List<WordScanner> scanner(
            JsonNode step, boolean last, Function<String, TokenizerException> unsupported) {
        String type = step.path("type").asText();
        if (type.equals("ByteLevel") && last && !step.path("add_prefix_space").asBoolean(true)) {
            return step.path("use_regex").asBoolean(true) ? List.of(new WordScanner.Gpt2()) : List.of();
        }
        if (type.equals("Digits")) {
            return List.of(new WordScanner.Digits(step.path("individual_digits").asBoolean() ? 1 : Integer.MAX_VALUE));
        }
        boolean isolated = step.path("behavior").asText().equals("Isolated")
                && !step.path("invert").asBoolean();
        if (type.equals("Split") && isolated) {
            String regex = step.path("pattern").path("Regex").asText();
            return List.of(WordRule.scanner(regex)
                    .orElseThrow(() -> unsupported.apply("its pre_tokenizer cuts at an unknown expression, " + regex)));
        }
        throw unsupported.apply("its pre_tokenizer has a step " + brief(step));
    }

    private static String brief(JsonNode step) {
        String text = step.toString();
        return text.length() <= 120 ? text : text.substring(0, 120) + "...";
    }
}
