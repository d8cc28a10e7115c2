package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;

/** The blocks of a reply in the order in which they came: what was thought, what was said, and what is neither. */
final class Blocks {
    private enum Kind {
        THOUGHT,
        SAID,
        OTHER
    }

    private record Block(Kind kind, StringBuilder text) {}

    /** No model changes so often between thinking and saying; a block takes a hundred bytes however little it holds. */
    static final int MOST = 10_000;

    private final List<Block> blocks = new ArrayList<>();

    /** Whether there are more than any reply has. */
    boolean areTooMany() {
        return blocks.size() > MOST;
    }

    void thought(String text) {
        add(Kind.THOUGHT, text);
    }

    void said(String text) {
        add(Kind.SAID, text);
    }

    /** A block of another kind, as it came. */
    void other(JsonNode node) {
        blocks.add(new Block(Kind.OTHER, new StringBuilder(node.toString())));
    }

    private void add(Kind kind, String text) {
        if (text.isEmpty()) {
            return;
        }
        if (blocks.isEmpty() || blocks.getLast().kind != kind) {
            blocks.add(new Block(kind, new StringBuilder()));
        }
        blocks.getLast().text.append(text);
    }

    String thoughts() {
        return all(Kind.THOUGHT);
    }

    String words() {
        return all(Kind.SAID);
    }

    private String all(Kind kind) {
        StringBuilder all = new StringBuilder();
        blocks.stream().filter(block -> block.kind == kind).forEach(block -> all.append(block.text));
        return all.toString();
    }

    /**
     * What was said, as it came; where the two texts alone do not tell all (they alternate, or there is a block of another kind), a JSON list of the
     * blocks in their order.
     */
    String raw() {
        boolean plain = blocks.stream().noneMatch(block -> block.kind == Kind.OTHER)
                && blocks.stream().filter(block -> block.kind == Kind.THOUGHT).count() <= 1
                && blocks.stream().filter(block -> block.kind == Kind.SAID).count() <= 1
                && (blocks.size() < 2 || blocks.getFirst().kind == Kind.THOUGHT);
        return plain ? words() : list();
    }

    private String list() {
        ArrayNode list = Json.MAPPER.createArrayNode();
        for (Block block : blocks) {
            switch (block.kind) {
                case THOUGHT -> list.addObject().put("type", "thinking").put("thinking", block.text.toString());
                case SAID -> list.addObject().put("type", "text").put("text", block.text.toString());
                case OTHER -> list.add(Json.read(block.text.toString()));
            }
        }
        return list.toString();
    }
}
