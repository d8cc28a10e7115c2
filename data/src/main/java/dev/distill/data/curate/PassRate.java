package dev.distill.data.curate;

import dev.distill.data.trace.Verdict;
import java.io.Serializable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How hard the prompts may be: the share of a prompt's samples that were right, of those about which somebody could say. What is
 * always right teaches little, what is never right may have a wrong reference. Open-r1 takes 0.1 to 0.9.
 *
 * @param least share from which a prompt is kept, 0 to 1
 * @param most share up to which it is kept, {@code least} to 1
 */
public record PassRate(double least, double most) implements Serializable {
    public PassRate {
        if (!(least >= 0 && least <= most && most <= 1)) {
            throw new IllegalArgumentException(
                    "curate.pass-rate: need 0 <= least <= most <= 1; got " + least + " to " + most);
        }
    }

    /** Samples of a prompt, dropped ones too, that were right and wrong. */
    public record Count(long right, long wrong) implements Serializable {
        static final Count NONE = new Count(0, 0);

        /** One sample of which this was found out. */
        public static Count of(Verdict.Outcome correct) {
            return switch (correct) {
                case PASS -> new Count(1, 0);
                case FAIL -> new Count(0, 1);
                case UNDECIDED -> NONE;
            };
        }

        public Count plus(Count other) {
            return new Count(right + other.right, wrong + other.wrong);
        }
    }

    /** Why traces of a prompt of this count go; null where they stay, as they do where nobody could say. */
    public @Nullable String refuse(Count count) {
        long decided = count.right + count.wrong;
        double rate = (double) count.right / decided;
        return decided == 0 || (rate >= least && rate <= most)
                ? null
                : String.format(Locale.ROOT, "%d of %d samples of the prompt are right", count.right, decided);
    }
}
