package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The blocks of a reply in the order in which they came: what was thought, what was said, and what is neither. */
final class Blocks {
    private enum Kind {
        THOUGHT,
        SAID,
        OTHER
    }

    /** No model changes so often between thinking and saying; a block takes a hundred bytes however little it holds. */
    static final int MOST = 10_000;

    /**
     * A block.
     *
     * @param from where its text begins in that of all blocks of its kind
     * @param node what is neither thought nor said
     */
    private record Block(Kind kind, int from, @Nullable JsonNode node) {}

    private final List<Block> blocks = new ArrayList<>();
    private final StringBuilder thoughts = new StringBuilder();
    private final StringBuilder words = new StringBuilder();
    private long others;

    /** Characters so far. */
    long length() {
        return (long) thoughts.length() + words.length() + others;
    }

    /** Whether anything has been said. */
    boolean hasWords() {
        return !words.isEmpty();
    }

    /** Whether there are more than any reply has. */
    boolean areTooMany() {
        return blocks.size() > MOST;
    }

    void thought(String text) {
        add(Kind.THOUGHT, thoughts, text);
    }

    void said(String text) {
        add(Kind.SAID, words, text);
    }

    /** A block of another kind, as it came. */
    void other(JsonNode node) {
        blocks.add(new Block(Kind.OTHER, 0, node));
        others += node.toString().length();
    }

    private void add(Kind kind, StringBuilder all, String text) {
        if (text.isEmpty()) {
            return;
        }
        if (blocks.isEmpty() || blocks.getLast().kind != kind) {
            blocks.add(new Block(kind, all.length(), null));
        }
        all.append(text);
    }

    String thoughts() {
        return thoughts.toString();
    }

    String words() {
        return words.toString();
    }

    /**
     * Whether the two texts alone tell all. Where they do not (they alternate, or there is a block of another kind), {@link #list} does.
     */
    boolean arePlain() {
        return blocks.stream().noneMatch(block -> block.kind == Kind.OTHER)
                && (blocks.size() < 2 || (blocks.size() == 2 && blocks.getFirst().kind == Kind.THOUGHT));
    }

    /** A JSON list of the blocks in their order. */
    String list() {
        ArrayNode list = Json.MAPPER.createArrayNode();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            switch (block.kind) {
                case THOUGHT -> list.addObject().put("type", "thinking").put("thinking", text(i, thoughts));
                case SAID -> list.addObject().put("type", "text").put("text", text(i, words));
                case OTHER -> list.add(block.node);
            }
        }
        return list.toString();
    }

    /** The text of a block, which ends where the next of its kind begins. */
    private String text(int number, StringBuilder all) {
        Block block = blocks.get(number);
        for (Block later : blocks.subList(number + 1, blocks.size())) {
            if (later.kind == block.kind) {
                return all.substring(block.from, later.from);
            }
        }
        return all.substring(block.from);
    }
}
