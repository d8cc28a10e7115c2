package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServeKeysTest {
    @Test
    void aVariableThatIsSetAndEmptyIsAMistake() {
        assertThat(ServeCommand.environmentKeys(Map.of())).isEmpty();
        assertThat(ServeCommand.environmentKeys(Map.of("DISTILL_SERVE_KEY", "a-key-of-some-length")))
                .hasSize(1);
        assertThatThrownBy(() -> ServeCommand.environmentKeys(Map.of("DISTILL_SERVE_KEY", " ")))
                .hasMessage("DISTILL_SERVE_KEY: must hold a key where it is set; it is empty; unset it to serve"
                        + " without one");
    }
}
