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
                "134|+|30|134+30:4+0=04,3+3+0=06,1+0=1|164",
                "167|+|85|167+85:7+5=12,6+8+1=15,1+1=2|252",
                "7|+|243|7+243:7+3=10,0+4+1=05,0+2+0=02|250",
                "132|-|47|132-47:12-7=5,13-4-1=8,1-1=0|85",
                "81|-|17|81-17:11-7=4,08-1-1=6|64",
                "198|-|64|198-64:08-4=4,09-6-0=3,1-0=1|134",
                "1005|-|10|1005-10:05-0=5,10-1-0=9,10-1=9,1-1=0|995",
                "87|*|4|87*4:7*4=28,8*4+2=34|348",
                "132|*|3|132*3:2*3=06,3*3+0=09,1*3+0=03|396",
                "96|/|4|96/4:9/4=2r1,16/4=4r0|24",
                "216|/|4|216/4:21/4=5r1,16/4=4r0|54",
                "120|/|3|120/3:12/3=4r0,00/3=0r0|40"
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
