package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class SizeTest {
    @ParameterizedTest
    @CsvSource({"24GiB, 25769803776", "80GB, 80000000000", "1.5 tib, 1649267441664", "512mib, 536870912", "7b, 7"})
    void readsWhatPeopleWrite(String text, long bytes) {
        assertThat(new Size().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"24", "GiB", "-1GiB", "0GB", "24 gigabytes"})
    void refusesOthers(String text) {
        assertThatThrownBy(() -> new Size().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("must be a size such as 24GiB or 80GB; got " + text);
    }

    @Test
    void durationsHaveTwoUnits() {
        assertThat(PlanFigures.duration(59.6)).isEqualTo("60 s");
        assertThat(PlanFigures.duration(3600)).isEqualTo("60 min");
        assertThat(PlanFigures.duration(2.5 * 3600)).isEqualTo("2 h 30 min");
        assertThat(PlanFigures.duration(1000 * 86_400.0)).isEqualTo("1,000 days 0 h");
    }
}
