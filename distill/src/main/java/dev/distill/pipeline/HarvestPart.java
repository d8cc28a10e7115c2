package dev.distill.pipeline;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.trace.Money;
import dev.distill.teacher.harvest.Asking;
import dev.distill.teacher.harvest.BatchLimits;
import dev.distill.teacher.harvest.Limits;
import dev.distill.teacher.harvest.UntilRight;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code harvest:} how often, how fast, for how much.
 *
 * @param asking how often each prompt is asked, and in which order
 * @param budget where spending stops; empty for no cap
 * @param traces folders of traces that take the place of asking a teacher; none where one is asked
 * @param cheapHours whether requests wait for the hours in which the tariff is lowest
 */
public record HarvestPart(Asking asking, Limits limits, Optional<Money> budget, List<Path> traces, boolean cheapHours) {

    private static final long MEGABYTE = 1_000_000;

    public HarvestPart {
        traces = List.copyOf(traces);
    }

    static HarvestPart read(Section section) {
        HarvestPart part = paced(section, asking(section), section.paths("traces"));
        section.done();
        return part;
    }

    /** How fast and for how much alone; how often, and what takes the place of asking, is known. */
    static HarvestPart paced(Section section, Asking asking, List<Path> traces) {
        Limits standard = Limits.DEFAULT;
        return new HarvestPart(
                asking,
                withTransport(
                        section,
                        standard.withInFlight(section.whole("in-flight", standard.inFlight(), 1, 100_000))
                                .withPerMinute(new Limits.PerMinute(
                                        section.whole("requests-per-minute", 0L, 0, Long.MAX_VALUE),
                                        section.whole("tokens-per-minute", 0L, 0, Long.MAX_VALUE)))
                                .withPatience(standard.patience()
                                        .withIdle(Duration.ofSeconds(section.whole(
                                                "idle-timeout-s",
                                                standard.patience().idle().toSeconds(),
                                                1,
                                                86_400)))
                                        .withTotal(Duration.ofSeconds(section.whole(
                                                "timeout-s",
                                                standard.patience().total().toSeconds(),
                                                1,
                                                604_800))))),
                budget(section),
                traces,
                section.flag("cheap-hours", false));
    }

    /** How requests travel. */
    private enum Transport {
        STREAM,
        BATCH
    }

    private static Limits withTransport(Section section, Limits limits) {
        BatchLimits standard = BatchLimits.DEFAULT;
        Transport transport = section.choice("transport", Transport.class, Transport.STREAM);
        BatchLimits batch = new BatchLimits(
                section.whole("batch-requests", standard.requests(), 1, 1_000_000),
                MEGABYTE * section.whole("batch-mb", standard.bytes() / MEGABYTE, 1, 2_000),
                section.whole("batches", standard.atATime(), 1, 10_000),
                Duration.ofSeconds(section.whole("batch-poll-s", standard.poll().toSeconds(), 1, 86_400)),
                section.flag("cancel-batches", standard.cancel()));
        return transport == Transport.BATCH || batch.cancel() ? limits.withBatch(batch) : limits;
    }

    private static Asking asking(Section section) {
        Asking asking = Asking.of(section.whole("samples", 4, 1, 1024))
                .withSharedPrefix(section.whole("shared-prefix", Asking.SHARED_PREFIX, 0, 10_000_000));
        int right = section.whole("until-right", 0, 0, 1024);
        int tries = section.whole("tries", 16, 1, 1024);
        if (right == 0) {
            return asking;
        }
        if (tries < right) {
            section.problem("tries", "must be harvest.until-right (" + right + ") or more; got " + tries);
            return asking;
        }
        return asking.withUntilRight(new UntilRight(right, tries, new MathVerifier()));
    }

    /** Replies of one prompt at most. */
    int most() {
        return asking.untilRight() == null
                ? asking.samples()
                : asking.untilRight().tries();
    }

    private static Optional<Money> budget(Section section) {
        @Nullable String text = section.text("budget");
        if (text == null) {
            return Optional.empty();
        }
        if (!text.matches("\\d+(\\.\\d+)? [A-Z]{3}")) {
            section.problem("budget", "must be an amount and a currency, for example \"5.00 USD\"; got " + text);
            return Optional.empty();
        }
        String[] words = text.split(" ");
        return Optional.of(new Money(new BigDecimal(words[0]), words[1]));
    }
}
