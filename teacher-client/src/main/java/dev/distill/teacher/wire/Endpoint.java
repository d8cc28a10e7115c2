package dev.distill.teacher.wire;

import dev.distill.teacher.dialect.Dialect;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where a teacher is reached.
 *
 * @param url the base that documentation gives, for example {@code https://api.deepseek.com} or
 *     {@code http://127.0.0.1:8000/v1}; {@code /chat/completions} is added
 * @param model the model's name as the provider spells it
 * @param dialect how the provider is asked
 */
public record Endpoint(URI url, String model, Dialect dialect) {
    /** Stands for a model that runs in this process and has no address. */
    public static final URI IN_PROCESS = URI.create("local:model");

    /** The address that requests go to. */
    public URI completions() {
        String base = url.toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + "chat/completions");
    }

    /** What is wrong, in the words of a recipe; empty if nothing is. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (url.equals(IN_PROCESS)) {
            return model.isBlank() ? List.of("teacher.model: must name the model; got nothing") : List.of();
        }
        if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
            problems.add("teacher.url: must be http://host... or https://host...; got " + url);
        } else if (url.getRawUserInfo() != null || url.getRawQuery() != null) {
            problems.add("teacher.url: must hold neither a password nor a query; the key comes from the environment");
        }
        if (model.isBlank()) {
            problems.add("teacher.model: must name the model; got nothing");
        }
        return problems;
    }
}
