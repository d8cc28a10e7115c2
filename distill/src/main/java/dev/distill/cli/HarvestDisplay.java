package dev.distill.cli;

import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.teacher.harvest.HarvestProgress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Shows how far a harvest is: on a terminal some lines that are drawn again and again, elsewhere a line every few seconds. */
final class HarvestDisplay implements HarvestListener, AutoCloseable {
    private final Console console;
    private final HarvestView.Words words;
    private final LongSupplier nanoTime;
    private long begin;
    private long shownAt;
    private @Nullable HarvestProgress newest;

    HarvestDisplay(Console console, HarvestView.Words words, LongSupplier nanoTime) {
        this.console = console;
        this.words = words;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void progress(HarvestProgress progress) {
        long now = nanoTime.getAsLong();
        if (newest == null) {
            begin = now;
            shownAt = now;
        }
        newest = progress;
        Optional<WindowSize> terminal = console.drawing();
        if (now - shownAt < (terminal.isPresent() ? Progress.REDRAW : Progress.NEW_LINE)) {
            return;
        }
        shownAt = now;
        HarvestView view = HarvestView.of(progress, words);
        console.progressLines(
                terminal.map(size -> view.lines(Console.room(size), size.rows() - 1, console.isColoured()))
                        .orElseGet(() -> List.of(view.line())));
    }

    @Override
    public void told(String line) {
        console.info(words.name() + ": " + line);
    }

    /** It is over, or given up: the lines on the terminal go, elsewhere the last state is told. */
    @Override
    public synchronized void close() {
        HarvestProgress last = newest;
        if (last != null) {
            newest = null;
            Duration time = Duration.ofNanos(nanoTime.getAsLong() - begin);
            console.progressLines(
                    console.drawing().isPresent()
                            ? List.of()
                            : List.of(HarvestView.over(last, words, time).line()));
        }
    }
}
