package dev.distill.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeyTest {
    private static final String SECRET = "sk-" + "0a1b2c3d4e5f6g7h8i9j";
    private static final ApiKey KEY = ApiKey.of(SECRET + "\n");

    @Test
    void masksTheKeyAndEveryPartOfIt() {
        for (int from = 0; from + 4 <= SECRET.length(); from++) {
            for (int to = from + 4; to <= SECRET.length(); to++) {
                assertThat(KEY.mask("<" + SECRET.substring(from, to) + ">")).isEqualTo("<***>");
            }
        }
        assertThat(KEY.mask("a plain text about 0a1 and sky-high sk-"))
                .isEqualTo("a plain text about 0a1 and sky-high sk-");
    }

    @Test
    void masksWhatLooksLikeSomebodysKey() {
        assertThat(ApiKey.NONE.mask("got sk-abc1****wxyz, Bearer abc.def-1")).isEqualTo("got ***, ***");
    }

    @Test
    void redactsRepliesOnlyOfARealKeyAsAWhole() {
        assertThat(KEY.redact("x " + SECRET + " 0a1b2c")).isEqualTo("x *** 0a1b2c");
        assertThat(ApiKey.of("none").redact("none of these")).isEqualTo("none of these");
    }

    @Test
    void isNeverShown() {
        assertThat(KEY.toString()).isEqualTo("***");
        assertThat(ApiKey.NONE.toString()).isEqualTo("none");
        assertThatThrownBy(() -> ApiKey.of("sk-secret two")).hasMessageNotContaining("secret");
    }

    @Test
    void readsAFileOnlyIfNobodyElseMay(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), SECRET + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> ApiKey.fromFile(file)).hasMessageContaining("run chmod 600 on it");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(ApiKey.fromFile(file).authorization()).isEqualTo("Bearer " + SECRET);
    }

    @Test
    void aMissingVariableIsNamed() {
        assertThatThrownBy(() -> ApiKey.fromEnvironment("DISTILL_NO_SUCH_KEY"))
                .hasMessageContaining("environment variable DISTILL_NO_SUCH_KEY must hold the key");
    }
}
