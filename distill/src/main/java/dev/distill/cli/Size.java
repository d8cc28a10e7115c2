package dev.distill.cli;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A size in bytes, as a person writes it: {@code 24GiB}, {@code 80GB}, {@code 512MiB}. */
final class Size implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?) ?([kmgt]i?b|b)");
    private static final Map<String, Long> UNITS = Map.of(
            "b", 1L,
            "kb", 1_000L,
            "mb", 1_000_000L,
            "gb", 1_000_000_000L,
            "tb", 1_000_000_000_000L,
            "kib", 1L << 10,
            "mib", 1L << 20,
            "gib", 1L << 30,
            "tib", 1L << 40);

    @Override
    public Long convert(String text) {
        Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long bytes = new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(Objects.requireNonNull(UNITS.get(matcher.group(2)))))
                    .longValue();
            if (bytes > 0) {
                return bytes;
            }
        }
        throw new TypeConversionException("must be a size such as 24GiB or 80GB; got " + text);
    }
}
