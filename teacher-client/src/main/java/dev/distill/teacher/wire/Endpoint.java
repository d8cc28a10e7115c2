package dev.distill.teacher.wire;

import dev.distill.teacher.dialect.Dialect;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a teacher is reached.
 *
 * @param url the base that documentation gives, for example {@code https://api.deepseek.com} or
 *     {@code http://127.0.0.1:8000/v1}; the dialect's path is added, and a query {@code api-version=...} stays at the end
 * @param model the model's name as the provider spells it
 * @param dialect how the provider is asked
 */
public record Endpoint(URI url, String model, Dialect dialect) {
    private static final Pattern VERSION = Pattern.compile("api-version=[A-Za-z0-9._-]+");

    private static final String COMPLETIONS = "chat/completions";

    /** Stands for a model that runs in this process and has no address. */
    public static final URI IN_PROCESS = URI.create("local:model");

    /** The address that requests go to. */
    public URI completions() {
        String query = url.getRawQuery();
        String base = query == null
                ? url.toString()
                : url.toString().substring(0, url.toString().indexOf('?'));
        String path = dialect.facts().access().path().replace("{model}", encoded(model));
        int own = path.indexOf('?');
        if (query != null && own >= 0) {
            path = path.substring(0, own);
        }
        return URI.create((base.endsWith("/") ? base : base + "/") + path + (query == null ? "" : "?" + query));
    }

    /** As part of a path; slashes stay, for {@code models/NAME} is a name too. */
    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    /** Whether requests go where OpenAI has them, so that a batch API may lie beside. */
    public boolean hasBatchesBeside() {
        return url.getRawQuery() == null && dialect.facts().access().path().equals(COMPLETIONS);
    }

    /** What is wrong, in the words of a recipe; empty if nothing is. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (url.equals(IN_PROCESS)) {
            return model.isBlank() ? List.of("teacher.model: must name the model; got nothing") : List.of();
        }
        String query = url.getRawQuery();
        if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
            problems.add("teacher.url: must be http://host... or https://host...; got " + url);
        } else if (url.getRawUserInfo() != null
                || (query != null && !VERSION.matcher(query).matches())) {
            problems.add("teacher.url: must hold neither a password nor a query but api-version;"
                    + " the key comes from the environment");
        }
        if (model.isBlank()) {
            problems.add("teacher.model: must name the model; got nothing");
        }
        return problems;
    }
}
