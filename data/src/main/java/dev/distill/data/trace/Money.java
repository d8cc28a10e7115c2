package dev.distill.data.trace;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** An exact amount in one currency. Never a double: 0.14 dollars a million tokens must add up. */
public record Money(BigDecimal amount, String currency) {
    public Money {
        // 1E+2 is 100: one way of writing it, so that what is read equals what was written.
        amount = amount.scale() < 0 ? amount.setScale(0) : amount;
    }

    public static Money zero(String currency) {
        return new Money(BigDecimal.ZERO, currency);
    }

    public Money plus(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("money: cannot add " + other.currency + " to " + currency);
        }
        return new Money(amount.add(other.amount), currency);
    }

    /** An estimate: to sixteen digits. */
    public Money times(BigDecimal factor) {
        return new Money(amount.multiply(factor, MathContext.DECIMAL64), currency);
    }

    /** The share of each of so many, to sixteen digits. */
    public Money dividedBy(long parts) {
        return new Money(amount.divide(BigDecimal.valueOf(parts), MathContext.DECIMAL64), currency);
    }

    /** For people: two digits after the point, more where it takes more to see two that are not 0. */
    public String legible() {
        return rounded(amount.signum() == 0 ? 2 : Math.max(2, amount.scale() - amount.precision() + 2));
    }

    /** For people: so many digits after the point, the half rounded up. */
    public String rounded(int digits) {
        return amount.setScale(digits, RoundingMode.HALF_UP).toPlainString() + " " + currency;
    }

    @Override
    public String toString() {
        return amount.stripTrailingZeros().toPlainString() + " " + currency;
    }
}
