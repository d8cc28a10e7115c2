package dev.distill.teacher.embedded.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {
    /** Worked out by hand. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "47|+|85|47+85:7+5=12,4+8+1=13|132",
                "134|+|30|134+030:4+0=04,3+3+0=06,1+0+0=01|164",
                "132|-|47|132-047:12-7=5,13-4-1=8,1-0-1=0|85",
                "100|-|1|100-001:10-1=9,10-0-1=9,1-0-1=0|99",
                "87|*|4|87*4:7*4=28,8*4+2=34|348",
                "96|/|4|96/4:9/4=2r1,16/4=4r0|24",
                "252|/|4|252/4:2/4=0r2,25/4=6r1,12/4=3r0|63"
            })
    void worksDigitByDigit(long left, char sign, long right, String text, long value) {
        assertThat(Columns.of(step(left, sign, right), null)).isEqualTo(new Columns(text, value));
    }

    @Test
    void aForgottenCarryCarriesThrough() {
        Slip slip = new Slip(Slip.Kind.CARRY, 0, 1, 1);

        assertThat(Columns.of(step(47, '+', 85), slip)).isEqualTo(new Columns("47+85:7+5=12,4+8+0=12", 122));
        assertThat(Columns.of(step(96, '/', 4), slip)).isEqualTo(new Columns("96/4:9/4=2r1,06/4=1r2", 21));
    }

    @Test
    void aWrongDigitCarriesThrough() {
        Slip slip = new Slip(Slip.Kind.DIGIT, 0, 0, -1);

        assertThat(Columns.of(step(132, '-', 47), slip).value()).isEqualTo(84);
        assertThat(Columns.of(step(87, '*', 4), slip).value()).isEqualTo(347);
    }

    @Test
    void refusesWhatHasNoSuchWorking() {
        assertThatThrownBy(() -> Columns.of(step(3, '-', 4), null)).hasMessageContaining("must not be negative");
        assertThatThrownBy(() -> Columns.of(step(97, '/', 4), null)).hasMessageContaining("leave no remainder");
        assertThatThrownBy(() -> Columns.of(step(97, '*', 14), null)).hasMessageContaining("must have one digit");
    }

    private static Step step(long left, char sign, long right) {
        Operator operator = switch (sign) {
            case '+' -> Operator.ADD;
            case '-' -> Operator.SUBTRACT;
            case '*' -> Operator.MULTIPLY;
            default -> Operator.DIVIDE;
        };
        return new Step(left, operator, right);
    }
}
