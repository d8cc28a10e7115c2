package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.shard.Manifest;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import dev.distill.teacher.Teacher;
import dev.distill.teacher.TeacherRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asks until answers are right: how much is bought, whatever happens in between. */
@Timeout(120)
class UntilRightIT extends HarvestScene {
    private static final int PROMPTS = 12;
    private static final int RIGHT = 2;
    private static final int TRIES = 6;

    /** Prompts 0 and 3 (one of its right answers is cut off) have too few right ones. Right at samples that prompt and sample alone decide; after so many replies it breaks the harvest, as a kill does. */
    private static final class Guesser implements Teacher {
        private final AtomicInteger left;
        final AtomicInteger asked = new AtomicInteger();

        Guesser(int replies) {
            this.left = new AtomicInteger(replies);
        }

        @Override
        public Exchange ask(TeacherRequest request) {
            if (left.decrementAndGet() < 0) {
                throw new IllegalStateException("killed");
            }
            asked.incrementAndGet();
            try {
                Thread.sleep((request.sample() * 7L + request.messages().hashCode()) & 7);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            int i = question(request.messages().getLast().content());
            String answer = "The answer is \\boxed{" + (isRight(i, request.sample()) ? 2 * i : 2 * i + 1) + "}";
            FinishReason finish = i == 3 && request.sample() == 0 ? FinishReason.LENGTH : FinishReason.STOP;
            return new Exchange(
                    new Outcome.Completed(new Reply("because", answer, answer, finish, "m-1")),
                    new Received("because", answer, 2, new Usage(20, 0, 50, 40)),
                    Duration.ZERO);
        }

        @Override
        public void close() {}
    }

    private static int question(String text) {
        return Integer.parseInt(text.replaceAll("what is (\\d+) .*", "$1"));
    }

    /** Prompt 0 is never right, 1 always, the others now and then. */
    private static boolean isRight(int prompt, int sample) {
        return prompt == 1 || (prompt != 0 && (prompt + 2 * sample) % 3 == 0);
    }

    /** What must be bought: the samples of each prompt up to its second right answer, one that was cut off not counted. */
    private static List<String> expected() {
        List<String> bought = new ArrayList<>();
        for (int i = 0; i < PROMPTS; i++) {
            int right = 0;
            for (int sample = 0; sample < TRIES && right < RIGHT; sample++) {
                bought.add(i + "/" + sample);
                right += isRight(i, sample) && !(i == 3 && sample == 0) ? 1 : 0;
            }
        }
        return bought;
    }

    private HarvestConfig config(@Nullable Money cap) {
        HarvestConfig plain = config(URI.create("http://localhost"), 1, cap, QUICK.withInFlight(5));
        return new HarvestConfig(
                plain.endpoint(),
                plain.sampling(),
                plain.asking().withUntilRight(new UntilRight(RIGHT, TRIES, new MathVerifier())),
                plain.limits(),
                plain.spending(),
                plain.output());
    }

    private List<String> bought() throws IOException {
        return traces().stream()
                .map(trace -> question(trace.question()) + "/" + trace.sample())
                .toList();
    }

    @Test
    void eachPromptIsAskedUntilItHasEnoughRightAnswers() throws IOException {
        List<HarvestProgress> told = new ArrayList<>();
        Guesser teacher = new Guesser(Integer.MAX_VALUE);
        HarvestResult result =
                new Harvester(config(null), () -> teacher).run(prompts(PROMPTS), progress -> told.add(progress));

        assertThat(bought()).containsExactlyElementsOf(expected());
        assertThat(teacher.asked).hasValue(expected().size());
        assertThat(result.ending()).isEqualTo(new Ending.Done());
        assertThat(result.units()).isEqualTo(expected().size());
        long right = expected().stream()
                        .map(unit -> unit.split("/"))
                        .filter(unit -> isRight(Integer.parseInt(unit[0]), Integer.parseInt(unit[1])))
                        .count()
                - 1;
        assertThat(result.counts())
                .containsEntry("accepted", right)
                .containsEntry("completed", (long) expected().size())
                .containsEntry("short_prompts", 2L);
        assertThat(Manifest.read(folder).counts()).containsEntry("accepted", right);
        assertThat(Manifest.read(folder).settings())
                .containsEntry("harvest.until-right", "2")
                .containsEntry("harvest.tries", "6")
                .doesNotContainKey("harvest.samples");
        assertThat(told.getFirst().accepted()).isEqualTo(OptionalInt.of(0));
        assertThat(told.getLast().accepted()).isEqualTo(OptionalInt.of((int) right));
        assertThat(told.getLast().units()).isEqualTo(expected().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 13, 21, 34})
    void aKilledHarvestBuysTheSame(int replies) throws IOException {
        int asked = 0;
        for (int run = 0; ; run++) {
            Guesser teacher = new Guesser(run < 3 ? replies : Integer.MAX_VALUE);
            try {
                new Harvester(config(null), () -> teacher).run(prompts(PROMPTS), HarvestListener.NONE);
                asked += teacher.asked.get();
                break;
            } catch (IllegalStateException killed) {
                assertThat(killed).hasMessage("killed");
                asked += teacher.asked.get();
            }
        }
        assertThat(bought()).containsExactlyElementsOf(expected());
        assertThat(Manifest.read(folder).counts()).containsEntry("short_prompts", 2L);
        assertThat(asked).isEqualTo(expected().size());
    }

    @Test
    void theBudgetHoldsAndWithMoreTheRestIsBought() throws IOException {
        Money little = new Money(new BigDecimal("8"), "USD");
        HarvestResult stopped =
                new Harvester(config(little), () -> new Guesser(999)).run(prompts(PROMPTS), HarvestListener.NONE);
        assertThat(stopped.ending()).isEqualTo(new Ending.BudgetReached(little, stopped.spent()));
        assertThat(stopped.spent().amount()).isLessThanOrEqualTo(little.amount());
        Money more = new Money(new BigDecimal("80"), "USD");
        new Harvester(config(more), () -> new Guesser(999)).run(prompts(PROMPTS), HarvestListener.NONE);
        assertThat(bought()).containsExactlyElementsOf(expected());
    }

    @Test
    void withoutReferencesNothingIsBought() throws IOException {
        List<Prompt> prompts = new ArrayList<>(prompts(3));
        prompts.add(Prompt.of(prompts.getFirst().messages(), null, "a.jsonl"));
        Guesser teacher = new Guesser(0);
        assertThatThrownBy(() -> new Harvester(config(null), () -> teacher).run(prompts, HarvestListener.NONE))
                .isInstanceOf(HarvestConfigException.class)
                .hasMessageContaining(
                        "harvest.until-right: every prompt must have a reference answer; 1 of 4 have none,"
                                + " the first is \"what is 0 + 0?\" from a.jsonl; name their column in prompts.reference");
        try (Stream<java.nio.file.Path> files = Files.list(folder)) {
            assertThat(files.sorted(Comparator.naturalOrder())).isEmpty();
        }
    }
}
