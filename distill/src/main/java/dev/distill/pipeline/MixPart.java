package dev.distill.pipeline;

import dev.distill.data.curate.Mix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code curate.mix:} how much of each kind of traces is kept. */
final class MixPart {
    /** Mixes that others have published. */
    enum Preset {
        NONE,
        /** DeepSeek-R1: three reasoning traces for each general one. */
        R1
    }

    private MixPart() {}

    /** Null where nothing is said of a mix. */
    static @Nullable Mix read(Section section) {
        Preset preset = section.choice("preset", Preset.class, Preset.NONE);
        Mix.By by = section.choice("by", Mix.By.class, Mix.By.DOMAIN);
        List<Long> lengths = lengths(section);
        SortedMap<String, Double> shares = shares(section);
        long total = section.whole("total", 0L, 0, 1_000_000_000_000L);
        long seed = section.whole("seed", 0L, 0, Long.MAX_VALUE);
        section.done();
        return switch (preset) {
            case R1 -> {
                if (!shares.isEmpty()) {
                    section.problem("shares", "the preset says what is mixed; leave out either of them");
                }
                yield Mix.r1(total, seed);
            }
            case NONE -> {
                if (shares.isEmpty() && total > 0) {
                    section.problem(
                            "total", "needs the shares of a mix; give some, such as shares: {maths: 3, code: 1}");
                }
                if (shares.isEmpty() && (by != Mix.By.DOMAIN || !lengths.isEmpty())) {
                    section.problem(
                            "shares",
                            "are missing: without them nothing is mixed; give some, such as shares: {maths: 3, code: 1}");
                }
                yield shares.isEmpty() ? null : new Mix(by, lengths, shares, total, seed);
            }
        };
    }

    private static List<Long> lengths(Section section) {
        List<Long> lengths = new ArrayList<>();
        for (String word : section.words("lengths", List.of())) {
            long bound = word.matches("[0-9_]{1,12}") ? Long.parseLong(word.replace("_", "")) : 0;
            if (bound <= (lengths.isEmpty() ? 0 : lengths.getLast())) {
                section.problem("lengths", "must be whole numbers above 0 that rise; got " + word);
            } else {
                lengths.add(bound);
            }
        }
        return lengths;
    }

    private static SortedMap<String, Double> shares(Section section) {
        SortedMap<String, Double> shares = new TreeMap<>();
        for (Map.Entry<String, String> share :
                section.section("shares").fields().entrySet()) {
            double value = number(share.getValue());
            if (value > 0) {
                shares.put(share.getKey(), value);
            } else {
                section.problem("shares." + share.getKey(), "must be a number above 0; got " + share.getValue());
            }
        }
        return shares;
    }

    private static double number(String text) {
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) ? value : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
