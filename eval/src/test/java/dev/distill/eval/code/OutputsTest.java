package dev.distill.eval.code;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class OutputsTest {
    private final Outputs exact = new Outputs(OptionalDouble.empty());
    private final Outputs near = new Outputs(OptionalDouble.of(1e-6));

    @Test
    void spacesDoNotMatter() {
        assertThat(exact.difference("1 2\n3\n", "1 2 \r\n3\n\n")).isEmpty();
        assertThat(exact.difference("", "\n")).isEmpty();
    }

    @Test
    void wordsDo() {
        assertThat(exact.difference("YES", "yes")).contains("word 1 is \"yes\", not \"YES\"");
        assertThat(exact.difference("1 2", "1")).contains("the output ends where word 2 must be \"2\"");
        assertThat(exact.difference("1", "1 2")).contains("the output goes on with \"2\" where it must end");
        assertThat(exact.difference("1.0", "1")).isPresent();
    }

    @Test
    void numbersMayDifferByTheTolerance() {
        assertThat(near.difference("1.0 2000000", "1.0000009 2000001")).isEmpty();
        assertThat(near.difference("1.0", "1.00001")).isPresent();
        assertThat(near.difference("1.0", "one")).isPresent();
        assertThat(near.difference("1.0", "nan")).isPresent();
        assertThat(near.difference("1.0", "NaN")).isPresent();
    }

    @Test
    void toInfinityAndNoNumberNothingIsNear() throws JsonProcessingException {
        assertThat(near.difference("Infinity", "1")).isPresent();
        assertThat(near.difference("1", "Infinity")).isPresent();
        assertThat(near.difference("Infinity", "-Infinity")).isPresent();
        assertThat(near.difference("Infinity -Infinity NaN", "+Infinity -Infinity +NaN"))
                .isEmpty();
        assertThat(values("[NaN, Infinity]", "[NaN, Infinity]")).isTrue();
        assertThat(values("NaN", "1.0")).isFalse();
        assertThat(values("Infinity", "-Infinity")).isFalse();
    }

    @Test
    void valuesAreComparedPartByPart() throws JsonProcessingException {
        assertThat(values("[1, 2.0, {\"a\": null}]", "[1, 2, {\"a\": null}]")).isTrue();
        assertThat(values("[1, 2]", "[2, 1]")).isFalse();
        assertThat(values("[1]", "[1, 1]")).isFalse();
        assertThat(values("true", "1")).isFalse();
        assertThat(values("\"1\"", "1")).isFalse();
        assertThat(values("12345678901234567890", "12345678901234567891")).isFalse();
        assertThat(values("{\"a\": 1}", "{\"b\": 1}")).isFalse();
    }

    private boolean values(String expected, String given) throws JsonProcessingException {
        return exact.difference(CodeProblem.JSON.readTree(expected), CodeProblem.JSON.readTree(given))
                .isEmpty();
    }
}
