package dev.distill.teacher.embedded.problem;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step worked out digit by digit, as at school. The result is put together from the digits written down, so that a slip
 * in a column carries through.
 *
 * <p>Columns go from the units to the left, in a division from the left, which begins with as many digits as hold the divisor.
 * Carry and borrow are written from the second column on, the carry even where it is 0; where the right number has no digit left,
 * the column has none. A difference has a 1 before the digit that borrows a ten and a 0 before the others: {@code
 * 134+30:4+0=04,3+3+0=06,1+0=1}, {@code 132-47:12-7=5,13-4-1=8,1-1=0}, {@code 87*4:7*4=28,8*4+2=34}, {@code
 * 216/4:21/4=5r1,16/4=4r0}.
 *
 * @param text the heading and the columns
 * @param value what they come to
 */
record Columns(String text, long value) {
    private static final int WIDEST = 9;

    /** The working of this step, with a slip in it or none. Throws {@link IllegalArgumentException} where it has no such working. */
    static Columns of(Step step, @Nullable Slip slip) {
        if (step.left() < 0
                || step.right() < 0
                || Long.toString(Math.max(step.left(), step.right())).length() > WIDEST) {
            throw new IllegalArgumentException(
                    "step " + step.text() + ": need numbers from 0 of at most " + WIDEST + " digits");
        }
        return switch (step.operator()) {
            case ADD -> add(step, slip);
            case SUBTRACT -> subtract(step, slip);
            case MULTIPLY -> multiply(step, slip);
            case DIVIDE -> divide(step, slip);
        };
    }

    private static Columns add(Step step, @Nullable Slip slip) {
        int width = Math.max(width(step.left()), width(step.right()));
        List<String> columns = new ArrayList<>();
        Digits result = new Digits();
        int carry = 0;
        for (int i = 0; i < width; i++) {
            int x = digit(step.left(), i);
            int y = digit(step.right(), i);
            boolean both = i < width(step.right());
            int used = carryUsed(carry, i, slip);
            int total = Math.max(0, x + y + used + off(i, slip));
            columns.add(x + (both ? "+" + y : "") + (i == 0 ? "" : "+" + used) + "="
                    + (both ? twoDigits(total) : Integer.toString(total)));
            carry = result.column(total, i == width - 1);
        }
        return columns(step, columns, result.value());
    }

    private static Columns subtract(Step step, @Nullable Slip slip) {
        if (step.left() < step.right()) {
            throw new IllegalArgumentException("step " + step.text() + ": the result must not be negative");
        }
        List<String> columns = new ArrayList<>();
        Digits result = new Digits();
        int borrow = 0;
        for (int i = 0; i < width(step.left()); i++) {
            int x = digit(step.left(), i);
            int y = digit(step.right(), i);
            boolean both = i < width(step.right());
            int used = carryUsed(borrow, i, slip);
            borrow = x - y - used < 0 ? 1 : 0;
            int rest = Math.clamp(x + 10 * borrow - y - used + off(i, slip), 0, 9);
            columns.add((both || borrow == 1 ? Integer.toString(borrow) : "") + x + (both ? "-" + y : "")
                    + (i == 0 ? "" : "-" + used) + "=" + rest);
            result.column(rest, false);
        }
        return columns(step, columns, result.value());
    }

    private static Columns multiply(Step step, @Nullable Slip slip) {
        if (step.right() > 9) {
            throw new IllegalArgumentException("step " + step.text() + ": the right factor must have one digit");
        }
        int width = width(step.left());
        int y = (int) step.right();
        List<String> columns = new ArrayList<>();
        Digits result = new Digits();
        int carry = 0;
        for (int i = 0; i < width; i++) {
            int x = digit(step.left(), i);
            int used = carryUsed(carry, i, slip);
            int total = Math.max(0, x * y + used + off(i, slip));
            columns.add(x + "*" + y + (i == 0 ? "" : "+" + used) + "=" + twoDigits(total));
            carry = result.column(total, i == width - 1);
        }
        return columns(step, columns, result.value());
    }

    private static Columns divide(Step step, @Nullable Slip slip) {
        int by = (int) step.right();
        if (step.right() > 9 || by == 0 || step.left() % by != 0) {
            throw new IllegalArgumentException(
                    "step " + step.text() + ": the divisor must have one digit and leave no remainder");
        }
        String digits = Long.toString(step.left());
        int leading = digits.length() > 1 && digits.charAt(0) - '0' < by ? 2 : 1;
        List<String> columns = new ArrayList<>();
        long quotient = 0;
        int rest = 0;
        for (int end = leading; end <= digits.length(); end++) {
            int column = end - leading;
            int used = carryUsed(rest, column, slip);
            String part = column == 0 ? digits.substring(0, end) : "" + used + digits.charAt(end - 1);
            int digit = Math.clamp(Integer.parseInt(part) / by + off(column, slip), 0, 9);
            rest = Integer.parseInt(part) % by;
            columns.add(part + "/" + by + "=" + digit + "r" + rest);
            quotient = 10 * quotient + digit;
        }
        return columns(step, columns, quotient);
    }

    private static Columns columns(Step step, List<String> columns, long value) {
        return new Columns(step.text() + ":" + String.join(",", columns), value);
    }

    private static int carryUsed(int carry, int column, @Nullable Slip slip) {
        return slip != null && slip.kind() == Slip.Kind.CARRY && slip.column() == column ? 0 : carry;
    }

    private static int off(int column, @Nullable Slip slip) {
        return slip != null && slip.kind() == Slip.Kind.DIGIT && slip.column() == column ? slip.by() : 0;
    }

    private static int width(long number) {
        return Long.toString(number).length();
    }

    private static int digit(long number, int place) {
        long rest = number;
        for (int i = 0; i < place; i++) {
            rest /= 10;
        }
        return (int) (rest % 10);
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    /** Digits written down from the units on. */
    private static final class Digits {
        private long value;
        private long place = 1;

        /** Writes the last digit of a column's total, or all of it in the last column; returns what is carried. */
        int column(int total, boolean last) {
            value += place * (last ? total : total % 10);
            place *= 10;
            return last ? 0 : total / 10;
        }

        long value() {
            return value;
        }
    }
}
