package dev.distill.pipeline;

import dev.distill.hub.HubSettings;
import dev.distill.hub.ModelSource;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.harvest.DialectFinder;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.teacher.harvest.Limits;
import dev.distill.teacher.harvest.Spending;
import dev.distill.teacher.pay.Tariff;
import dev.distill.teacher.pay.Tariffs;
import dev.distill.teacher.wire.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code teacher:} whom to ask, and how it samples.
 *
 * @param local the model that this process runs as the teacher; null where the teacher is an API
 * @param slots replies that such a model writes at a time
 * @param endpoint whom; where the dialect is to be found out, with the first guess
 * @param probes whether it is
 * @param keyEnvironment name of the environment variable that holds the key; null for an endpoint without one
 * @param keyFile file of mode 600 that holds the key; null for none
 * @param terms under which its replies may be used, in words, for the card; null where nothing is said
 * @param tariff {@code free}, {@code auto} (the built-in table, by model and date) or a tariff file
 */
public record TeacherPart(
        @Nullable ModelSource local,
        int slots,
        Endpoint endpoint,
        boolean probes,
        Sampling sampling,
        @Nullable String keyEnvironment,
        @Nullable Path keyFile,
        @Nullable String terms,
        String tariff) {
    private static final String FREE = "free";
    private static final String AUTO = "auto";

    /** The address of a model in this process. */
    private static final String LOCAL = "local";

    static TeacherPart read(Section section) {
        return read(section, Sampling.R1);
    }

    /** @param standard what holds where the recipe says nothing; without a seed and further fields */
    static TeacherPart read(Section section, Sampling standard) {
        return asked(section, sampling(section, standard));
    }

    private static Sampling sampling(Section section, Sampling standard) {
        return new Sampling(
                section.real("temperature", standard.temperature(), 0, 2),
                section.real("top-p", standard.topP(), 0.001, 1),
                section.whole("max-tokens", standard.maxTokens(), 1, 1_000_000),
                section.has("seed")
                        ? OptionalLong.of(section.whole("seed", 0L, 0, Long.MAX_VALUE))
                        : OptionalLong.empty(),
                section.section("extra").fields());
    }

    /** Whom to ask alone; how it samples is said elsewhere. */
    static TeacherPart asked(Section section, Sampling sampling) {
        String url = section.required(
                "url",
                "the API's base, for example http://127.0.0.1:8000/v1, or local for a model that this program runs");
        boolean isLocal = url.equals(LOCAL);
        String model = section.required(
                "model", isLocal ? "the model's folder, GGUF file or hub id" : "the model's name as the API knows it");
        String keyEnvironment = section.text("key-env");
        Path keyFile = section.path("key-file");
        String tariff = section.text("tariff", AUTO);
        if (!List.of(FREE, AUTO).contains(tariff)) {
            tariff = String.valueOf(section.path("tariff"));
        }
        String terms = section.text("terms");
        ModelSource local = isLocal ? section.model("model") : null;
        if (isLocal && (keyEnvironment != null || keyFile != null)) {
            section.problem("url", "local needs no key; leave key-env and key-file beside it out");
        }
        URI given = uri(section, isLocal ? "" : url, keyEnvironment != null || keyFile != null);
        URI address = isLocal ? Endpoint.IN_PROCESS : given;
        DialectPart dialect = DialectPart.read(section, address, sampling);
        if (isLocal && dialect.probes()) {
            section.problem("dialect", "a model in this process is not asked over HTTP; leave teacher.dialect out");
        }
        Endpoint endpoint = new Endpoint(address, model, dialect.dialect());
        int slots = section.whole("slots", 16, 1, 4096);
        section.done();
        return new TeacherPart(
                local, slots, endpoint, dialect.probes(), sampling, keyEnvironment, keyFile, terms, tariff);
    }

    /** The same, which samples otherwise. */
    TeacherPart with(Sampling other) {
        return new TeacherPart(local, slots, endpoint, probes, other, keyEnvironment, keyFile, terms, tariff);
    }

    /**
     * The value of {@code url}, with {@code allow-http}: a key goes over plain http to this machine, and elsewhere only where that is asked for.
     *
     * @param hasKey whether requests are signed
     */
    static URI uri(Section section, String url, boolean hasKey) {
        URI uri = uri(section, url);
        boolean allowed = section.flag("allow-http", false);
        if (hasKey && !allowed && "http".equals(uri.getScheme()) && uri.getHost() != null && !HubSettings.isSafe(uri)) {
            section.problem(
                    "url",
                    "must be https where a key is sent, for all on the way can read plain http; got " + url
                            + "; where that does no harm, set allow-http: true beside it");
        }
        return uri;
    }

    private static URI uri(Section section, String url) {
        try {
            URI uri = URI.create(url);
            if (!url.isEmpty()
                    && (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme()))) {
                section.problem("url", "must be an http or https address; got " + url);
            }
            return uri;
        } catch (IllegalArgumentException e) {
            section.problem("url", "is no address: " + e.getMessage());
            return URI.create("");
        }
    }

    /** The key, from where the recipe says. */
    ApiKey key() throws IOException {
        if (keyEnvironment != null) {
            return ApiKey.fromEnvironment(keyEnvironment);
        }
        return keyFile == null ? ApiKey.NONE : ApiKey.fromFile(keyFile);
    }

    /**
     * The endpoint with its dialect, which a harvest in this folder finds out where the recipe leaves that to it.
     *
     * @param listener hears what was found out
     */
    Endpoint endpointIn(Path harvest, Spending spending, Limits limits, HarvestListener listener) throws IOException {
        return probes
                ? new DialectFinder(harvest, spending)
                        .find(endpoint, key(), sampling, limits.patience(), listener::told)
                : endpoint;
    }

    /** The endpoint as a harvest in this folder would ask it, as far as that can be told without asking. */
    Endpoint endpointKeptIn(Path harvest, Spending spending) throws IOException {
        return probes ? new DialectFinder(harvest, spending).kept(endpoint).orElse(endpoint) : endpoint;
    }

    /** The prices that hold now, of requests one by one or in batches. */
    Tariff tariffNow(boolean inBatches) throws IOException {
        return inBatches ? tariffNow().batched() : tariffNow();
    }

    /** The prices that hold now. */
    Tariff tariffNow() throws IOException {
        if (tariff.equals(FREE) || (local != null && tariff.equals(AUTO))) {
            return Tariff.free(endpoint.model());
        }
        Tariffs tariffs = tariff.equals(AUTO) ? Tariffs.builtIn() : Tariffs.load(Path.of(tariff));
        LocalDate today = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC);
        Optional<Tariff> found =
                tariffs.find(endpoint.model(), String.valueOf(endpoint.url().getHost()), today);
        return found.orElseThrow(() -> new RecipeException(
                "recipe",
                List.of("teacher.tariff: no price is known for model " + endpoint.model()
                        + "; write \"free\", or give a tariff file (docs/formats.md)")));
    }
}
