package dev.distill.student.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.student.model.ConformanceFolder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class ScheduleTest {

    @Test
    @Tag("conformance")
    void followsTorchtunesCosine() throws Exception {
        JsonNode golden = ConformanceFolder.json("training/cosine_warmup_golden.json");
        Schedule schedule = new Schedule(
                golden.get("base_lr").doubleValue(),
                golden.get("num_warmup_steps").intValue(),
                golden.get("num_training_steps").intValue(),
                0,
                new Schedule.Decay.Cosine(golden.get("num_cycles").doubleValue()));
        assertThat(golden.get("lr_after_step").size()).isEqualTo(5);
        golden.get("lr_after_step")
                .properties()
                .forEach(point -> assertThat(schedule.at(Integer.parseInt(point.getKey())))
                        .as("after step %s", point.getKey())
                        .isCloseTo(point.getValue().doubleValue(), within(1e-12)));
    }

    @Test
    void warmsUpFallsAndKeepsItsFloor() {
        Schedule cosine = new Schedule(1.0, 4, 24, 0.1, Schedule.Decay.Cosine.HALF);
        assertThat(cosine.at(1)).isEqualTo(0.25);
        assertThat(cosine.at(4)).isEqualTo(1.0);
        assertThat(cosine.at(14)).isCloseTo(0.55, within(1e-12)); // half way: (1 + 0.1) / 2
        assertThat(cosine.at(24)).isCloseTo(0.1, within(1e-12));
        assertThat(cosine.at(1000)).isCloseTo(0.1, within(1e-12));
        Schedule linear = new Schedule(1.0, 0, 10, 0, new Schedule.Decay.Linear());
        assertThat(linear.at(5)).isEqualTo(0.5);
        assertThat(linear.at(10)).isEqualTo(0);
        assertThat(new Schedule(3.0, 0, 10, 0, new Schedule.Decay.Constant()).at(9))
                .isEqualTo(3.0);
    }

    @Test
    void keepsThePeakUntilTheDecaysShare() {
        Schedule wsd = new Schedule(1.0, 10, 110, 0.2, new Schedule.Decay.StableThenLinear(0.25));
        assertThat(wsd.at(5)).isEqualTo(0.5);
        assertThat(wsd.at(10)).isEqualTo(1.0);
        assertThat(wsd.at(85)).isEqualTo(1.0); // the last 25 of 100 steps decay
        assertThat(wsd.at(86)).isCloseTo(0.2 + 0.8 * 24 / 25, within(1e-12));
        assertThat(wsd.at(110)).isCloseTo(0.2, within(1e-12));
        assertThat(wsd.at(1000)).isCloseTo(0.2, within(1e-12));
        assertThatThrownBy(() -> new Schedule.Decay.StableThenLinear(0))
                .hasMessage("schedule: the decay's share of the steps must be above 0 and at most 1, got 0.0");
    }

    @Test
    void refusesAWarmUpLongerThanTheRun() {
        assertThatThrownBy(() -> new Schedule(1, 11, 10, 0, new Schedule.Decay.Linear()))
                .hasMessageContaining("0 <= warm-up <= total");
    }
}
