package dev.distill.teacher.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.teacher.embedded.fault.ContentFault;
import dev.distill.teacher.embedded.problem.Draw;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultRatesTest {
    @Test
    void theDemoPlantsAFifth() {
        double sum = FaultRates.defaults().content().values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        assertThat(sum).isBetween(0.199, 0.201);
        assertThat(FaultRates.defaults().content().keySet()).containsAll(ContentFault.REAL);
    }

    /** Within five standard deviations of the binomial. */
    @Test
    void transportFaultsComeAtTheirRates() {
        int n = 100_000;
        Map<TransportFault, Integer> found = new EnumMap<>(TransportFault.class);
        for (int i = 0; i < n; i++) {
            found.merge(FaultRates.defaults().drawTransport(Draw.of(4, "request" + i)), 1, Integer::sum);
        }
        FaultRates.defaults()
                .transport()
                .forEach((fault, rate) -> assertThat((double) found.getOrDefault(fault, 0) / n)
                        .as(fault.word())
                        .isBetween(
                                rate - 5 * Math.sqrt(rate * (1 - rate) / n),
                                rate + 5 * Math.sqrt(rate * (1 - rate) / n)));
    }

    @Test
    void refusesWhatIsNoShare() {
        assertThatThrownBy(() -> FaultRates.none().with(ContentFault.REFUSAL, 1.5))
                .hasMessage("fault rates: content.REFUSAL must be a fault's share from 0 to 1; got 1.5");
        assertThatThrownBy(() -> FaultRates.none().with(TransportFault.NONE, 0.5))
                .hasMessageContaining("transport.NONE");
        assertThatThrownBy(
                        () -> FaultRates.none().with(ContentFault.REFUSAL, 0.6).with(ContentFault.IDENTITY, 0.6))
                .hasMessage("fault rates: the content rates must sum to at most 1; got 1.2: lower some");
    }
}
