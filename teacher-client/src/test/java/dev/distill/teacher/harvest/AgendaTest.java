package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.answer.MathVerifier;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Units that are on their way already when an agenda is made. */
class AgendaTest extends HarvestScene {
    private List<Unit> units(Asking asking) {
        HarvestConfig plain = config(URI.create("http://localhost"), 1, null, QUICK);
        return Unit.all(
                prompts(1),
                new HarvestConfig(
                        plain.endpoint(), plain.sampling(), asking, plain.limits(), plain.spending(), plain.output()));
    }

    @Test
    void oneThatWaitsForAnotherIsNotAskedAfterIt() {
        Asking asking = Asking.of(3).withSharedPrefix(1);
        List<Unit> units = units(asking);
        Agenda agenda = new Agenda(units, asking, Map.of());
        assertThat(agenda.take(units.get(2))).isEqualTo(Agenda.Taken.NEEDED);
        assertThat(agenda.poll()).isEqualTo(units.get(0));
        assertThat(agenda.poll()).isNull();
        agenda.ended(units.get(0), false);
        assertThat(agenda.poll()).isEqualTo(units.get(1));
        assertThat(agenda.poll()).isNull();
    }

    /** One right answer is missing, so that one unit is needed; another is on its way, and takes its place where the first fails. */
    @Test
    void oneThatWasNotNeededYetCountsForItsPrompt() {
        Asking asking = Asking.of(1)
                .withUntilRight(new UntilRight(1, 3, new MathVerifier()))
                .withSharedPrefix(0);
        List<Unit> units = units(asking);
        Agenda agenda = new Agenda(units, asking, Map.of());
        assertThat(agenda.take(units.get(1))).isEqualTo(Agenda.Taken.ADDED);
        assertThat(agenda.poll()).isEqualTo(units.get(0));
        assertThat(agenda.ended(units.get(0), false)).isZero();
        assertThat(agenda.poll()).isNull();
        assertThat(agenda.ended(units.get(1), false)).isEqualTo(1);
        assertThat(agenda.poll()).isEqualTo(units.get(2));
    }

    @Test
    void oneOfAnotherHarvestIsUnknown() {
        List<Unit> units = units(Asking.of(2));
        Agenda agenda = new Agenda(units.subList(0, 1), Asking.of(2), Map.of());
        assertThat(agenda.take(units.get(1))).isEqualTo(Agenda.Taken.UNKNOWN);
    }
}
