package dev.distill.data.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class MoneyTest {
    @Test
    void addsWithoutRounding() {
        Money tenth = new Money(new BigDecimal("0.1"), "USD");
        assertThat(tenth.plus(tenth).plus(tenth)).isEqualTo(new Money(new BigDecimal("0.3"), "USD"));
        assertThatThrownBy(() -> tenth.plus(Money.zero("CNY"))).hasMessage("money: cannot add CNY to USD");
    }

    @Test
    void writesAllOfItOrAsMuchAsPeopleRead() {
        Money spent = new Money(new BigDecimal("6.2550"), "USD");
        assertThat(spent).hasToString("6.255 USD");
        assertThat(spent.rounded(2)).isEqualTo("6.26 USD");
        assertThat(Money.zero("EUR").rounded(2)).isEqualTo("0.00 EUR");
        assertThat(new Money(new BigDecimal("1E+2"), "USD")).hasToString("100 USD");
    }
}
