package dev.distill.eval.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.eval.sandbox.Limits;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class JudgeTest {
    @Test
    void limitsAreWrittenAlikeInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Judge.seconds(Limits.STANDARD)).isEqualTo("10.0 s of processor time, or 20.0 s in all");
        } finally {
            Locale.setDefault(before);
        }
    }
}
