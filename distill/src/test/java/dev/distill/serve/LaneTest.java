package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.serve.TestLane.Heard;
import dev.distill.student.model.DecodingSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is answered when, step by step. */
@Timeout(60)
class LaneTest {
    private static final String LONG = "Two and two is four. Count from one to ten.";

    @TempDir
    Path folder;

    private TestLane tiny;

    @BeforeEach
    void open() throws IOException {
        tiny = new TestLane(folder, 4, 64 << 20);
    }

    @AfterEach
    void close() {
        tiny.close();
    }

    private static int ended(List<Heard> jobs) {
        return (int) jobs.stream().filter(job -> job.complete).count();
    }

    /** Answers of one token never fill the slots: their prompts could be read one after the other before anybody has a token. */
    @Test
    void betweenTwoPromptsEveryRowHasAToken() {
        tiny.seedOfALongAnswer(LONG, 60);
        tiny.ask("a", tiny.order(LONG, 1, 60));
        tiny.lane.step();
        List<Heard> brief = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            brief.add(tiny.ask("b", tiny.order("Count " + i, 1, 1)));
        }
        for (int step = 1; step <= 12; step++) {
            long before = tiny.metrics.newTokens();
            tiny.lane.step();
            assertThat(tiny.metrics.newTokens()).as("step %d", step).isEqualTo(before + 2);
            assertThat(ended(brief)).as("step %d", step).isEqualTo(step);
        }
    }

    @Test
    void promptsAreScoredOneAStepAndOthersGoOn() {
        tiny.seedOfALongAnswer(LONG, 60);
        tiny.ask("a", tiny.order(LONG, 1, 60));
        tiny.lane.step();
        Order.Told echo = new Order.Told(true, 2, true, false);
        Heard scores = tiny.ask("b", tiny.order(List.of("Two", "Count", "What"), 2, 0, echo, List.of()));
        for (int step = 1; step <= 3; step++) {
            long before = tiny.metrics.newTokens();
            tiny.lane.step();
            assertThat(tiny.metrics.newTokens()).isEqualTo(before + 1);
            assertThat(scores.scored).hasSize(step);
        }
        tiny.stepToTheEnd();
        assertThat(scores.finishes).hasSize(6).containsEntry(5, "length");
        assertThat(scores.complete).isTrue();
    }

    @Test
    void scoresThatNobodyWaitsForAreGivenUp() {
        Order.Told echo = new Order.Told(true, 2, true, false);
        Order order = tiny.order(List.of("Two", "Count", "What"), 1, 5, echo, List.of());
        Heard heard = new Heard(3);
        Job job = tiny.offer("a", order, heard);
        tiny.lane.step();
        job.cancel();
        tiny.stepToTheEnd();
        assertThat(heard.scored).containsExactly(0);
        assertThat(tiny.lane.waiting()).isZero();
    }

    @Test
    void manyAnswersToOneRequestLeaveOthersTheirTurns() throws IOException {
        try (TestLane one = new TestLane(folder.resolve("one"), 1, 64 << 20)) {
            Heard many = one.ask("many", one.order("Count", 40, 10));
            one.lane.step();
            Heard single = one.ask("single", one.order("Two", 1, 10));
            while (!single.complete) {
                one.lane.step();
            }
            assertThat(many.finishes.size()).as("answers of the other").isLessThan(4);
            one.stepToTheEnd();
            assertThat(many.complete).isTrue();
        }
    }

    @Test
    void aLargeRequestThatWaitsForRoomIsPassedBySmallOnesAndComesAtLast() throws IOException {
        long page = DecodingSession.pageBytes(tiny.student.model());
        try (TestLane small = new TestLane(folder.resolve("small"), 4, 4 * page)) { // one longest row
            small.seedOfALongAnswer(LONG, 100);
            Heard first = small.ask("a", small.order(LONG, 1, 100));
            small.lane.step();
            Heard large = small.ask("b", small.order(LONG, 1, 200));
            List<Heard> others = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                others.add(small.ask("c", small.order("Count " + i, 1, 3)));
            }
            for (int i = 0; i < 20; i++) {
                small.lane.step();
            }
            assertThat(first.complete).isFalse();
            assertThat(large.pieces).isZero();
            assertThat(ended(others)).as("small ones pass").isGreaterThan(3);
            while (!large.complete) {
                small.lane.step();
            }
            assertThat(ended(others)).as("but not all of them").isLessThan(60);
            small.stepToTheEnd();
            assertThat(ended(others)).isEqualTo(60);
        }
    }

    @Test
    void aLargeRequestThatIsCancelledWhileItWaitsIsInNobodysWay() throws IOException {
        long page = DecodingSession.pageBytes(tiny.student.model());
        try (TestLane small = new TestLane(folder.resolve("small"), 4, 4 * page)) {
            small.seedOfALongAnswer(LONG, 150);
            Heard first = small.ask("a", small.order(LONG, 1, 150));
            small.lane.step();
            Heard waits = new Heard(1);
            Job large = small.offer("b", small.order(LONG, 1, 200), waits);
            small.lane.step();
            large.cancel(); // it is still in the queue, as between two events of its connection
            Heard next = small.ask("b", small.order("Count", 1, 3));
            while (!next.complete) {
                small.lane.step();
            }
            assertThat(first.complete).isFalse();
            small.stepToTheEnd();
            assertThat(waits.pieces).isZero();
        }
    }

    @Test
    void whatGoesWrongWithOneRequestIsToldToItsClientAlone() {
        String alone = tiny.alone(LONG, 20);
        Heard good = tiny.ask("good", tiny.order(LONG, 1, 20));
        Heard listener = new Heard(1) {
            @Override
            public boolean said(int row, Said said) {
                throw new IllegalStateException("this one cannot be written");
            }
        };
        tiny.offer("listener", tiny.order("Count", 1, 20), listener);
        int beyond = tiny.lane.vocabulary();
        Order.Prompt foreign = new Order.Prompt(new int[] {1, beyond}, "?", null, "?", 0);
        for (int i = 0; i < 40; i++) { // more than the cache would have room for, were it not given back
            Order order = tiny.order("Count", 1, 200);
            Heard wrong = tiny.ask(
                    "wrong",
                    new Order(tiny.lane, List.of(foreign), order.common(), order.maxNewTokens(), order.told()));
            tiny.lane.step();
            tiny.lane.step();
            assertThat(wrong.failed).startsWith("the server failed at this request");
        }
        tiny.stepToTheEnd();
        assertThat(listener.failed).startsWith("the server failed at this request");
        assertThat(good.text(0)).isEqualTo(alone);
        assertThat(tiny.alone(LONG, 20)).isEqualTo(alone);
    }

    /** OpenAI tells the tokens of the text, not those of what was cut off. */
    @Test
    void tokensOfAStopTextAreNotTold() {
        Order.Told told = new Order.Told(true, 0, false, false);
        tiny.seedOfALongAnswer(LONG, 60);
        Heard whole = tiny.ask("a", tiny.order(List.of(LONG), 1, 60, told, List.of()));
        tiny.stepToTheEnd();
        String text = whole.text(0);
        String stop = text.substring(12, 18);
        Heard cut = tiny.ask("a", tiny.order(List.of(LONG), 1, 60, told, List.of(stop)));
        tiny.stepToTheEnd();
        assertThat(cut.text(0)).isEqualTo(text.substring(0, text.indexOf(stop)));
        ByteArrayOutputStream tokens = new ByteArrayOutputStream();
        for (Said.Token token : cut.tokens) {
            assertThat(tokens.toString(StandardCharsets.UTF_8).length())
                    .as("it begins before the cut, or ends a character that does")
                    .isLessThanOrEqualTo(cut.text(0).length());
            tokens.writeBytes(tiny.student.language().tokenizer().bytes(token.id()));
        }
        assertThat(tokens.toString(StandardCharsets.UTF_8)).startsWith(cut.text(0));
        assertThat(whole.tokens.size()).isGreaterThan(cut.tokens.size());
    }
}
