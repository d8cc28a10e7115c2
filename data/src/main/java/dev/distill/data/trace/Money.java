package dev.distill.data.trace;

import java.math.BigDecimal;

/** An exact amount in one currency. Never a double: 0.14 dollars a million tokens must add up. */
public record Money(BigDecimal amount, String currency) {
    public static Money zero(String currency) {
        return new Money(BigDecimal.ZERO, currency);
    }

    public Money plus(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("money: cannot add " + other.currency + " to " + currency);
        }
        return new Money(amount.add(other.amount), currency);
    }

    @Override
    public String toString() {
        return amount.stripTrailingZeros().toPlainString() + " " + currency;
    }
}
