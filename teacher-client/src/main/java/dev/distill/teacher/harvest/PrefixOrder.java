package dev.distill.teacher.harvest;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which a provider's prompt cache profits most: prompts that begin alike (a system message, examples, or another
 * sample of the same prompt) stand together, and of each such group one is sent ahead. A group's place is that of its first
 * prompt in the order given. Groups lie within groups, as prefixes do: likeness is counted in blocks of the least prefix.
 */
final class PrefixOrder {
    private static final int NOBODY = -1;

    private final int block;
    private final List<Place> places = new ArrayList<>();

    /**
     * A unit in its place.
     *
     * @param leader the place of the unit whose exchange must have ended before this one is sent; -1 for none
     */
    record Place(Unit unit, int leader) {
        boolean isFree() {
            return leader == NOBODY;
        }
    }

    private PrefixOrder(int block) {
        this.block = block;
    }

    /** @param block characters; 0 leaves the order as it is */
    static List<Place> of(List<Unit> units, int block) {
        if (block == 0 || units.stream().noneMatch(unit -> length(unit.prompt()) >= block)) {
            return units.stream().map(unit -> new Place(unit, NOBODY)).toList(); // too short to have a block in common
        }
        PrefixOrder order = new PrefixOrder(block);
        order.groups(units).forEach(order::add);
        return List.copyOf(order.places);
    }

    /** A prompt's units, and what is sent of it. */
    private record Asked(int first, String text, List<Unit> units) {}

    /** Prompts that begin alike, in alphabetical order; the groups by their first prompt. */
    private List<List<Asked>> groups(List<Unit> units) {
        Map<String, Asked> prompts = new LinkedHashMap<>();
        for (Unit unit : units) {
            prompts.computeIfAbsent(
                            unit.prompt().id(), _ -> new Asked(prompts.size(), text(unit.prompt()), new ArrayList<>()))
                    .units()
                    .add(unit);
        }
        List<Asked> sorted = new ArrayList<>(prompts.values());
        sorted.sort(Comparator.comparing(Asked::text));
        List<List<Asked>> groups = new ArrayList<>();
        for (Asked prompt : sorted) {
            if (groups.isEmpty() || blocks(groups.getLast().getLast(), prompt) == 0) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(prompt);
        }
        groups.sort(Comparator.comparingInt(
                group -> group.stream().mapToInt(Asked::first).min().orElseThrow()));
        return groups;
    }

    /** A level of likeness within a group, and the place of the unit that leads it. */
    private record Level(int blocks, int leader) {}

    private void add(List<Asked> group) {
        Deque<Level> levels = new ArrayDeque<>();
        int before = NOBODY;
        for (int i = 0; i < group.size(); i++) {
            int leader = i == 0 ? NOBODY : leader(levels, blocks(group.get(i - 1), group.get(i)), before);
            before = places.size();
            addSamples(group.get(i), leader);
        }
    }

    /**
     * Who leads a prompt that has so many blocks in common with the one before it: the first of all that have as many.
     *
     * @param before the place of the prompt before
     */
    private static int leader(Deque<Level> levels, int blocks, int before) {
        int leader = before;
        while (!levels.isEmpty() && levels.peek().blocks() >= blocks) {
            leader = levels.pop().leader();
        }
        levels.push(new Level(blocks, leader));
        return leader;
    }

    private void addSamples(Asked prompt, int leader) {
        int first = places.size();
        int ahead = prompt.text().length() >= block ? first : NOBODY;
        for (Unit unit : prompt.units()) {
            places.add(new Place(unit, places.size() == first ? leader : ahead));
        }
    }

    private int blocks(Asked one, Asked other) {
        int most = Math.min(one.text().length(), other.text().length());
        int same = 0;
        while (same < most && one.text().charAt(same) == other.text().charAt(same)) {
            same++;
        }
        return same / block;
    }

    private static int length(Prompt prompt) {
        int length = 0;
        for (Message message : prompt.messages()) {
            length += message.role().word().length() + 1 + message.content().length() + 1;
        }
        return length;
    }

    private static String text(Prompt prompt) {
        StringBuilder text = new StringBuilder();
        for (Message message : prompt.messages()) {
            text.append(message.role().word())
                    .append('\n')
                    .append(message.content())
                    .append('\0');
        }
        return text.toString();
    }
}
