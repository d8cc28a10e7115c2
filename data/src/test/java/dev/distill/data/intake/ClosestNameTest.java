package dev.distill.data.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClosestNameTest {
    private static final List<String> NAMES = List.of("steps", "step-size", "learning-rate");

    @Test
    void aMistakeForEveryThreeLettersAndOneMoreIsForgiven() {
        assertThat(ClosestName.of("stepz", NAMES)).isEqualTo("steps");
        assertThat(ClosestName.of("learning_rate", NAMES)).isEqualTo("learning-rate");
        assertThat(ClosestName.of("st", NAMES)).isNull(); // three letters are missing, one is forgiven
        assertThat(ClosestName.of("temperature", NAMES)).isNull();
    }

    @Test
    void ofEquallyCloseNamesTheFirstIsMeant() {
        assertThat(ClosestName.of("cat", List.of("bat", "rat"))).isEqualTo("bat");
    }
}
