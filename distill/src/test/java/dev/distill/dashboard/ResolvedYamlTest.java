package dev.distill.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ResolvedYamlTest {
    @Test
    void wordsStayAsTheyAreWritten() throws IOException {
        assertThat(ResolvedYaml.values("""
                        name: demo  # file
                        seed: 7  # file
                        teacher:
                          url: "http://127.0.0.1:1/v1"  # option
                        train:
                          learning-rate: 3e-3  # file
                          lora:
                            targets: [all-linear, "a: b"]  # default
                          steps: 9_000  # file
                        """).toString())
                .isEqualTo("{\"name\":\"demo\",\"seed\":\"7\",\"teacher.url\":\"http://127.0.0.1:1/v1\","
                        + "\"train.learning-rate\":\"3e-3\",\"train.lora.targets\":\"[all-linear, a: b]\","
                        + "\"train.steps\":\"9_000\"}");
    }

    @Test
    void whatIsNoObjectHasNoValues() throws IOException {
        assertThat(ResolvedYaml.values("").isEmpty()).isTrue();
        assertThat(ResolvedYaml.values("- a\n").isEmpty()).isTrue();
        assertThatThrownBy(() -> ResolvedYaml.values("a: {b")).isInstanceOf(IOException.class);
    }
}
