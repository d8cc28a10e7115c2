package dev.distill.data.shard;

import java.util.Map;

/**
 * Where a folder of distributions comes from; it stands in each of its files.
 *
 * @param tokenizer SHA-256 of the student's tokenizer, whose ids these are
 * @param teacher its name
 * @param fingerprint of all that decides what the teacher says
 * @param topK K, tokens of a place at most
 * @param temperature at which the teacher's probabilities were taken
 */
public record DistributionSource(String tokenizer, String teacher, String fingerprint, int topK, double temperature) {
    private static final String PREFIX = "distill.distributions.";

    Map<String, String> metadata() {
        return Map.of(
                PREFIX + "tokenizer", tokenizer,
                PREFIX + "teacher", teacher,
                PREFIX + "fingerprint", fingerprint,
                PREFIX + "top-k", Integer.toString(topK),
                PREFIX + "temperature", Double.toString(temperature));
    }

    /** @throws IllegalArgumentException if something is missing */
    static DistributionSource of(Map<String, String> metadata) {
        return new DistributionSource(
                value(metadata, "tokenizer"),
                value(metadata, "teacher"),
                value(metadata, "fingerprint"),
                Integer.parseInt(value(metadata, "top-k")),
                Double.parseDouble(value(metadata, "temperature")));
    }

    private static String value(Map<String, String> metadata, String key) {
        String value = metadata.get(PREFIX + key);
        if (value == null) {
            throw new IllegalArgumentException("its metadata has no " + PREFIX + key);
        }
        return value;
    }
}
