package dev.distill.teacher.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Cases of the standard, WHATWG HTML section 9.2.6. */
class SseParserTest {
    private static List<SseEvent> parse(byte[] bytes, int... cuts) {
        List<SseEvent> events = new ArrayList<>();
        SseParser parser = new SseParser(1 << 20, events::add);
        int from = 0;
        for (int cut : cuts) {
            parser.feed(ByteBuffer.wrap(bytes, from, cut - from));
            from = cut;
        }
        parser.feed(ByteBuffer.wrap(bytes, from, bytes.length - from));
        return events;
    }

    private static List<SseEvent> parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static SseEvent data(String data) {
        return new SseEvent(null, data, null);
    }

    @Test
    void joinsDataLinesAndStripsOneSpace() {
        assertThat(parse("data: a\ndata:  b\ndata:c\ndata\n\n")).containsExactly(data("a\n b\nc\n"));
    }

    @Test
    void takesAllThreeLineEndsMixed() {
        assertThat(parse("data: a\r\rdata: b\r\n\r\ndata: c\n\ndata: d\r\n\n"))
                .containsExactly(data("a"), data("b"), data("c"), data("d"));
    }

    @Test
    void handsAnEventOnAtTheBareCrWithoutWaitingForMore() {
        assertThat(parse("data: a\r\r")).containsExactly(data("a"));
    }

    @Test
    void skipsCommentsUnknownFieldsAndEmptyLines() {
        assertThat(parse("\n\n: keep-alive\n\nretry: 10\nfoo: bar\n: x\n\ndata: a\n\n"))
                .containsExactly(data("a"));
    }

    @Test
    void skipsAByteOrderMarkAtTheStartOnly() {
        assertThat(parse("\uFEFFdata: a\n\n\uFEFFdata: b\n\n")).containsExactly(data("a"));
    }

    @Test
    void keepsLineSeparatorsOfUnicodeInside() {
        assertThat(parse("data: a\u2028b\u2029c\u0085d\u000Be\n\n"))
                .containsExactly(data("a\u2028b\u2029c\u0085d\u000Be"));
    }

    @Test
    void dropsTheEventThatTheEndCutsOff() {
        assertThat(parse("data: a\n\ndata: b\n")).containsExactly(data("a"));
    }

    @Test
    void keepsNameAndIdForTheirEventOnly() {
        assertThat(parse("event: error\nid: 7\ndata: a\n\ndata: b\n\nid: x\0y\ndata: c\n\n"))
                .containsExactly(new SseEvent("error", "a", "7"), data("b"), data("c"));
    }

    @Test
    void anyCutOfTheBytesGivesTheSameEvents() {
        byte[] bytes = "\uFEFFdata: жизнь 🌟\r\n\r\nevent: e\rdata: 日本\rdata: \u2028\r\r:c\n\ndata: z\n\n"
                .getBytes(StandardCharsets.UTF_8);
        List<SseEvent> whole = parse(bytes);
        assertThat(whole).containsExactly(data("жизнь 🌟"), new SseEvent("e", "日本\n\u2028", null), data("z"));
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(parse(bytes, cut)).as("cut at " + cut).isEqualTo(whole);
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int[] cuts = random.ints(8, 0, bytes.length + 1).sorted().toArray();
            assertThat(parse(bytes, cuts)).as("seed " + seed).isEqualTo(whole);
        }
    }

    @Test
    void refusesALineAndAnEventWithoutEnd() {
        SseParser lines = new SseParser(2000, e -> {});
        assertThatThrownBy(() -> lines.feed(ByteBuffer.allocate(2001))).isInstanceOf(EventTooLongException.class);
        SseParser events = new SseParser(2000, e -> {});
        byte[] line = ("data: " + "x".repeat(90) + "\n").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 40; i++) {
                        events.feed(ByteBuffer.wrap(line));
                    }
                })
                .isInstanceOf(EventTooLongException.class)
                .hasMessageContaining("2000");
    }
}
