package dev.distill.data.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The {@code added_tokens} of a {@code tokenizer.json}.
 *
 * @param ids by text
 * @param special texts that are left out when special tokens are skipped
 */
record AddedTokens(
        Map<String, Integer> ids,
        Set<String> special,
        List<AddedTrie.Entry> asWritten,
        List<AddedTrie.Entry> afterNormalizing) {
    /** @param unsupported makes the exception for what Hugging Face's library would read in another way */
    static AddedTokens read(
            JsonNode tokens, Map<String, Integer> vocabulary, Function<String, TokenizerException> unsupported) {
        AddedTokens added =
                new AddedTokens(new LinkedHashMap<>(), new HashSet<>(), new ArrayList<>(), new ArrayList<>());
        int next = vocabulary.size();
        for (JsonNode token : tokens) {
            String text = token.path("content").asText();
            int id = token.path("id").asInt(-1);
            // The library numbers them by itself, whatever the file says.
            int numbered = vocabulary.getOrDefault(text, next);
            next = Math.max(next, numbered + 1);
            if (text.isEmpty() || id != numbered || added.ids.put(text, id) != null) {
                throw unsupported.apply("added token \"" + text + "\" has id " + id
                        + ", but the order of the file gives it another one, or it stands twice");
            }
            if (token.path("special").asBoolean()) {
                added.special.add(text);
            }
            AddedTrie.Entry entry = new AddedTrie.Entry(
                    text,
                    id,
                    token.path("single_word").asBoolean(),
                    token.path("lstrip").asBoolean(),
                    token.path("rstrip").asBoolean());
            // Special ones come first: normalizing may give two tokens the same text.
            List<AddedTrie.Entry> entries =
                    token.path("normalized").asBoolean() ? added.afterNormalizing : added.asWritten;
            entries.add(added.special.contains(text) ? specialIn(entries, added.special) : entries.size(), entry);
        }
        return added;
    }

    private static int specialIn(List<AddedTrie.Entry> entries, Set<String> special) {
        return (int) entries.stream()
                .takeWhile(entry -> special.contains(entry.text()))
                .count();
    }

    AddedTrie exact() {
        return new AddedTrie(asWritten);
    }

    AddedTrie normalized(boolean composesUnicode) {
        return new AddedTrie(
                composesUnicode
                        ? afterNormalizing.stream().map(AddedTokens::composed).toList()
                        : afterNormalizing);
    }

    private static AddedTrie.Entry composed(AddedTrie.Entry entry) {
        return new AddedTrie.Entry(
                ComposedForm.of(entry.text()), entry.id(), entry.singleWord(), entry.stripsLeft(), entry.stripsRight());
    }

    /** @param all ids of all tokens */
    TokenBytes bytes(Map<String, Integer> all, int size) {
        Map<Integer, String> texts = HashMap.newHashMap(all.size());
        all.forEach((text, id) -> texts.put(id, text));
        ids.forEach((text, id) -> texts.put(id, text)); // where a token of the vocabulary has the same id
        BitSet skipped = new BitSet();
        texts.forEach((id, text) -> {
            if (special.contains(text)) {
                skipped.set(id);
            }
        });
        return new TokenBytes(texts, size, skipped);
    }
}
