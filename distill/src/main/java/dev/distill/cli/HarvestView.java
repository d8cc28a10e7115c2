package dev.distill.cli;

import dev.distill.data.trace.Money;
import dev.distill.teacher.harvest.Bought;
import dev.distill.teacher.harvest.Forecast;
import dev.distill.teacher.harvest.HarvestProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How far a harvest is, as text: how much is done, what came of it, how fast it is, what it costs. A group of figures has a line of
 * its own on a terminal, and more where that is narrow.
 */
final class HarvestView {
    private static final String GAP = "  ";
    private static final String INDENT = "  ";

    /** A figure, and whether it is one to look at. */
    record Part(String text, boolean alarming) {
        static Part of(String text) {
            return new Part(text, false);
        }
    }

    /**
     * What is harvested, in words.
     *
     * @param counted what a reply is that counts, where not all do
     * @param each one of these, for its price
     */
    record Words(String name, String counted, String each) {
        static final Words HARVEST = new Words("harvest", "right", "a right answer");
        static final Words JUDGE = new Words("judge", "readable", "a judgement");
        static final Words ANSWERS = new Words("evaluate", "right", "a right answer");
    }

    private final HarvestProgress progress;
    private final Words words;
    private final List<List<Part>> groups = new ArrayList<>();

    private HarvestView(HarvestProgress progress, Words words) {
        this.progress = progress;
        this.words = words;
        groups.add(new ArrayList<>());
    }

    /** While it goes on. */
    static HarvestView of(HarvestProgress progress, Words words) {
        HarvestView view = new HarvestView(progress, words);
        view.share();
        double rate = progress.forecast().unitsPerSecond();
        if (rate > 0) {
            view.add(Part.of(Progress.perTime(rate)));
        }
        if (progress.done() < progress.units()) {
            progress.forecast()
                    .left()
                    .ifPresent(left -> view.add(Part.of(Progress.duration(left.toSeconds()) + " left")));
        }
        view.outcomes();
        view.group();
        view.add(Part.of(
                progress.requests().inFlight() + " of " + progress.requests().limit() + " in flight"));
        view.speed();
        view.cost(false);
        return view;
    }

    /** When it is over, or given up. */
    static HarvestView over(HarvestProgress progress, Words words, Duration time) {
        HarvestView view = new HarvestView(progress, words);
        view.share();
        view.add(Part.of("in " + Progress.duration(time.toMillis() / 1000.0)));
        view.outcomes();
        view.group();
        view.cache();
        view.cost(true);
        return view;
    }

    private void add(Part part) {
        groups.getLast().add(part);
    }

    private void group() {
        groups.add(new ArrayList<>());
    }

    private void share() {
        add(Part.of(words.name()));
        add(Part.of(progress.done() + "/" + progress.units()));
        if (progress.units() > 0) {
            add(Part.of(100L * progress.done() / progress.units() + " %"));
        }
    }

    private void outcomes() {
        group();
        if (progress.accepted().isPresent()) {
            add(Part.of(progress.accepted().getAsInt() + " " + words.counted() + " of " + progress.completed()));
        } else {
            add(Part.of(progress.completed() + " completed"));
        }
        String reasons = progress.failures().entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey().replace('_', ' '))
                .collect(Collectors.joining(", ", ": ", ""));
        add(new Part(progress.failed() + " failed" + (progress.failed() > 0 ? reasons : ""), progress.failed() > 0));
        add(Part.of(progress.requests().retries() + " retries"));
    }

    private void speed() {
        if (progress.forecast().tokensPerSecond() > 0) {
            add(Part.of(String.format(
                    Locale.ROOT, "%,.0f tokens/s", progress.forecast().tokensPerSecond())));
        }
        cache();
    }

    private void cache() {
        Bought.CacheUse prompts = progress.bought().prompts();
        if (prompts.cached() > 0) {
            add(Part.of(Math.round(100 * prompts.share()) + " % of prompts cached"));
        }
    }

    private void cost(boolean over) {
        Money spent = progress.bought().spent();
        Forecast forecast = progress.forecast();
        if (spent.amount().signum() == 0 && progress.budget().isEmpty()) {
            return; // it is free
        }
        group();
        add(Part.of(progress.budget()
                        .map(cap -> number(spent) + " of " + cap.legible())
                        .orElse(spent.legible())
                + " spent"));
        if (!over && progress.done() < progress.units()) {
            forecast.spent().ifPresent(inTheEnd -> {
                boolean tooDear = progress.budget()
                        .map(cap -> inTheEnd.amount().compareTo(cap.amount()) > 0)
                        .orElse(false);
                add(new Part(inTheEnd.legible() + " in the end" + (tooDear ? ", over the budget" : ""), tooDear));
            });
        }
        group();
        String what = progress.accepted().isPresent() ? " " + words.each() : " a trace";
        forecast.each().ifPresent(each -> {
            String later = number(forecast.eachInTheEnd().orElse(each));
            add(Part.of(
                    each.legible() + what + (over || later.equals(number(each)) ? "" : ", " + later + " in the end")));
        });
    }

    private static String number(Money money) {
        return money.legible().split(" ")[0];
    }

    /** All in one line, for a file. */
    String line() {
        return groups.stream().flatMap(List::stream).map(Part::text).collect(Collectors.joining(GAP));
    }

    /** For a terminal: as many lines as it takes, none longer than {@code room}, at most {@code most}. */
    List<String> lines(int room, int most, boolean coloured) {
        List<String> lines = new ArrayList<>();
        for (int group = 0; group < groups.size(); group++) {
            lines.addAll(flowing(groups.get(group), room, group > 0, coloured));
        }
        return lines.subList(0, Math.min(Math.max(1, most), lines.size()));
    }

    private static List<String> flowing(List<Part> parts, int room, boolean indented, boolean coloured) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int length = 0;
        for (Part part : parts) {
            String gap = length == 0 ? (indented ? INDENT : "") : GAP;
            if (length > 0 && length + gap.length() + part.text.length() > room) {
                lines.add(line.toString());
                line.setLength(0);
                length = 0;
                gap = INDENT + INDENT;
            }
            int left = Math.max(0, room - length - gap.length());
            String text =
                    part.text.length() > left ? part.text.substring(0, left).stripTrailing() : part.text;
            line.append(gap).append(part.alarming && coloured ? Console.ALARM + text + Console.PLAIN : text);
            length += gap.length() + text.length();
        }
        if (length > 0) {
            lines.add(line.toString());
        }
        return lines;
    }
}
