package dev.distill.hub;

import dev.distill.teacher.ApiKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which hub, as whom, into which cache: from the environment variables that Python's {@code huggingface_hub} reads.
 *
 * @param endpoint the hub's address, without a slash at its end
 * @param cache the folder that holds all models
 * @param token of the user, sent to the endpoint alone; {@link ApiKey#NONE} for nobody
 * @param offline whether only the cache may be used
 */
public record HubSettings(URI endpoint, Path cache, ApiKey token, boolean offline) {
    private static final Logger LOG = LoggerFactory.getLogger(HubSettings.class);
    private static final String ENDPOINT = "HF_ENDPOINT";
    private static final String HUGGING_FACE = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern THIS_MACHINE =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

    public HubSettings {
        if (!isSafe(endpoint) || endpoint.getRawUserInfo() != null || endpoint.getRawQuery() != null) {
            throw new IllegalArgumentException(ENDPOINT + ": must be https://HOST, or http:// to this machine,"
                    + " without a password or a query; got " + endpoint.getScheme() + "://" + endpoint.getHost()
                    + "; tokens and models do not travel unprotected");
        }
    }

    /** What this process's environment says. */
    public static HubSettings fromEnvironment() throws IOException {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /**
     * What an environment says.
     *
     * @param home the user's home folder
     */
    static HubSettings of(Map<String, String> environment, Path home) throws IOException {
        Path cacheHome = path(environment, home, "XDG_CACHE_HOME").orElse(home.resolve(".cache"));
        Path hubHome = path(environment, home, "HF_HOME").orElse(cacheHome.resolve("huggingface"));
        Path cache = path(environment, home, "HF_HUB_CACHE")
                .or(() -> path(environment, home, "HUGGINGFACE_HUB_CACHE"))
                .orElse(hubHome.resolve("hub"));
        Path tokenFile = path(environment, home, "HF_TOKEN_PATH").orElse(hubHome.resolve("token"));
        boolean offline = value(environment, "HF_HUB_OFFLINE")
                .or(() -> value(environment, "TRANSFORMERS_OFFLINE"))
                .filter(HubSettings::isTrue)
                .isPresent();
        return new HubSettings(endpoint(environment), cache.toAbsolutePath(), token(environment, tokenFile), offline);
    }

    private static URI endpoint(Map<String, String> environment) {
        String given = value(environment, ENDPOINT).orElse(HUGGING_FACE).replaceFirst("/+$", "");
        try {
            return URI.create(given);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(ENDPOINT + ": must be an address such as " + HUGGING_FACE + "; got "
                    + given.replaceFirst("//.*@", "//"));
        }
    }

    private static ApiKey token(Map<String, String> environment, Path file) throws IOException {
        if (value(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN")
                .filter(HubSettings::isTrue)
                .isPresent()) {
            return ApiKey.NONE;
        }
        Optional<String> given = value(environment, "HF_TOKEN").or(() -> value(environment, "HUGGING_FACE_HUB_TOKEN"));
        if (given.isPresent()) {
            return ApiKey.of(given.get());
        }
        if (!Files.isReadable(file)) {
            return ApiKey.NONE;
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (mode.contains(PosixFilePermission.GROUP_READ) || mode.contains(PosixFilePermission.OTHERS_READ)) {
            LOG.warn("{}: the token in it can be read by others; run chmod 600 on it", file);
        }
        return ApiKey.of(Files.readString(file));
    }

    /** A variable that is set, and not to nothing. */
    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static Optional<Path> path(Map<String, String> environment, Path home, String name) {
        return value(environment, name)
                .map(value -> value.equals("~") || value.startsWith("~/")
                        ? home.resolve(value.substring(Math.min(2, value.length())))
                        : Path.of(value));
    }

    private static boolean isTrue(String value) {
        return TRUE.contains(value.toUpperCase(Locale.ROOT));
    }

    /** Whether bytes that go there cannot be read on the way: https, or no way at all. */
    public static boolean isSafe(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        String host = address.getHost();
        return host != null && (scheme.equals("https") || (scheme.equals("http") && isThisMachine(host)));
    }

    private static boolean isThisMachine(String host) {
        return THIS_MACHINE.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }
}
