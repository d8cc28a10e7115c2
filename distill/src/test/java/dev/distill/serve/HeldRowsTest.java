package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.serve.TestLane.Heard;
import dev.distill.student.model.DecodingSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows whose readers are behind, step by step. */
@Timeout(60)
class HeldRowsTest {
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

    @Test
    void aReaderWhoIsBehindHoldsItsRowsUpAndNobodyElses() {
        tiny.seedOfALongAnswer(LONG, 40);
        String alone = tiny.alone(LONG, 40);
        Heard slow = new Heard(1);
        tiny.offer("slow", tiny.order(LONG, 1, 40), slow);
        for (int i = 0; i < 3; i++) {
            tiny.lane.step();
        }
        slow.full = true;
        int before = slow.pieces;
        Heard other = tiny.ask("other", tiny.order("Count", 1, 30));
        tiny.stepToTheEnd(); // nothing is to be done for the slow one
        assertThat(other.complete).isTrue();
        assertThat(slow.pieces).isEqualTo(before);
        slow.full = false;
        tiny.stepToTheEnd();
        assertThat(slow.text(0)).isEqualTo(alone);
        assertThat(slow.cutOff).isFalse();
    }

    @Test
    void readersWhoAreBehindTakeNoSlotsAndTooManyOfThemAreLetGo() {
        tiny.seedOfALongAnswer(LONG, 100);
        List<Heard> deaf = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            deaf.add(tiny.ask("deaf " + i, tiny.order(LONG, 1, 100)));
            tiny.lane.step();
            deaf.getLast().full = true;
        }
        Heard other = tiny.ask("other", tiny.order("Two", 1, 30));
        while (!other.complete) {
            assertThat(tiny.lane.step()).isTrue();
        }
        assertThat(deaf.stream().filter(each -> each.cutOff).count()).isBetween(7L, 8L);
        assertThat(deaf.getFirst().cutOff)
                .as("who is behind for longest goes first")
                .isTrue();
        assertThat(deaf.getLast().cutOff).isFalse();
    }

    @Test
    void roomThatOnlyReadersWhoAreBehindHaveIsTakenFromThem() throws IOException {
        long page = DecodingSession.pageBytes(tiny.student.model());
        try (TestLane small = new TestLane(folder.resolve("small"), 4, 4 * page)) {
            small.seedOfALongAnswer(LONG, 150);
            Heard deaf = small.ask("deaf", small.order(LONG, 1, 150));
            small.lane.step();
            deaf.full = true;
            Heard other = small.ask("other", small.order(LONG, 1, 200));
            small.stepToTheEnd();
            assertThat(deaf.cutOff).isTrue();
            assertThat(other.complete).isTrue();
        }
    }
}
