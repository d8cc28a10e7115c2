package dev.distill.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.teacher.ApiKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the environment says. The order of the variables is that of huggingface_hub's constants.py, version 2.4.0. */
class HubSettingsTest {
    @TempDir
    Path home;

    private HubSettings of(Map<String, String> environment) throws IOException {
        return HubSettings.of(environment, home);
    }

    @Test
    void withoutAnyVariableItIsTheHubAndTheUsersCache() throws IOException {
        HubSettings settings = of(Map.of());
        assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(settings.token().isPresent()).isFalse();
        assertThat(settings.offline()).isFalse();
    }

    @Test
    void theNearestVariableNamesTheCache() throws IOException {
        assertThat(of(Map.of("XDG_CACHE_HOME", "/x")).cache()).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(of(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "~/hf")).cache())
                .isEqualTo(home.resolve("hf/hub"));
        assertThat(of(Map.of("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/old")).cache())
                .isEqualTo(Path.of("/old"));
        assertThat(of(Map.of("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/old", "HF_HUB_CACHE", "/c"))
                        .cache())
                .isEqualTo(Path.of("/c"));
        assertThat(of(Map.of("HF_HUB_CACHE", "")).cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    }

    @ParameterizedTest
    @CsvSource({"1, true", "true, true", "Yes, true", "ON, true", "0, false", "no, false", "2, false"})
    void offlineIsOneOfFourWords(String value, boolean offline) throws IOException {
        assertThat(of(Map.of("HF_HUB_OFFLINE", value)).offline()).isEqualTo(offline);
        assertThat(of(Map.of("TRANSFORMERS_OFFLINE", value)).offline()).isEqualTo(offline);
    }

    @Test
    void theTokenComesFromTheEnvironmentOrAFile() throws IOException {
        Path file = Files.createDirectories(home.resolve("hf")).resolve("token");
        Files.writeString(file, "hf_in_the_file\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Map<String, String> where = Map.of("HF_HOME", home.resolve("hf").toString());
        assertThat(authorization(where)).isEqualTo("Bearer hf_in_the_file");
        assertThat(authorization(Map.of("HF_TOKEN_PATH", file.toString()))).isEqualTo("Bearer hf_in_the_file");
        assertThat(authorization(Map.of("HF_TOKEN", "hf_given", "HF_TOKEN_PATH", file.toString())))
                .isEqualTo("Bearer hf_given");
        assertThat(authorization(Map.of("HUGGING_FACE_HUB_TOKEN", "hf_old"))).isEqualTo("Bearer hf_old");
        assertThat(of(Map.of("HF_TOKEN", "hf_given", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"))
                        .token())
                .isEqualTo(ApiKey.NONE);
    }

    private String authorization(Map<String, String> environment) throws IOException {
        return of(environment).token().authorization();
    }

    @Test
    void settingsDoNotShowTheToken() throws IOException {
        assertThat(of(Map.of("HF_TOKEN", "hf_abcdefghijkl")).toString()).doesNotContain("hf_a", "ijkl");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://mirror.example",
                "https://mirror.example/hub/",
                "http://localhost:8080",
                "http://127.0.0.1:1",
                "http://[::1]:8080"
            })
    void theEndpointIsSafeOrOnThisMachine(String endpoint) {
        assertThatCode(() -> of(Map.of("HF_ENDPOINT", endpoint))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://mirror.example",
                "http://127.0.0.1.example",
                "http://localhost.example",
                "http://192.168.0.3",
                "ftp://mirror.example",
                "https://user:password@mirror.example",
                "https://mirror.example?x=y",
                "mirror.example"
            })
    void anEndpointThatIsNotSafeIsRefused(String endpoint) {
        assertThatThrownBy(() -> of(Map.of("HF_ENDPOINT", endpoint)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("HF_ENDPOINT: must be https://HOST, or http:// to this machine, without a"
                        + " password or a query; got ")
                .hasMessageNotContaining("password@");
    }
}
