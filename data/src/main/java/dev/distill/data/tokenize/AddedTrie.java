package dev.distill.data.tokenize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds added tokens in a text: of those that begin leftmost the longest. */
final class AddedTrie {
    /**
     * A token that is looked for.
     *
     * @param text as it stands in the text that is searched
     * @param singleWord only where no word character stands beside it
     * @param stripsLeft whether white space before it belongs to it
     * @param stripsRight whether white space behind it belongs to it
     */
    record Entry(String text, int id, boolean singleWord, boolean stripsLeft, boolean stripsRight) {}

    /** One place of the trie: the characters that may follow, sorted, and where they lead. */
    private record Node(char[] next, Node[] nodes, @Nullable Entry entry) {
        @Nullable
        Node after(char c) {
            int at = next.length == 1 ? (next[0] == c ? 0 : -1) : Arrays.binarySearch(next, c);
            return at < 0 ? null : nodes[at];
        }
    }

    private final Node root;
    private final boolean[] begins = new boolean[1 << 16];

    /** @param entries of two with the same text the first counts */
    AddedTrie(List<Entry> entries) {
        this.root = node(entries, 0);
        for (char c : root.next) {
            begins[c] = true;
        }
    }

    private static Node node(List<Entry> entries, int depth) {
        TreeMap<Character, List<Entry>> byNext = new TreeMap<>();
        Entry here = null;
        for (Entry entry : entries) {
            if (entry.text.length() == depth) {
                here = here == null ? entry : here;
            } else {
                byNext.computeIfAbsent(entry.text.charAt(depth), c -> new ArrayList<>())
                        .add(entry);
            }
        }
        char[] next = new char[byNext.size()];
        Node[] nodes = new Node[next.length];
        int i = 0;
        for (var each : byNext.entrySet()) {
            next[i] = each.getKey();
            nodes[i++] = node(each.getValue(), depth + 1);
        }
        return new Node(next, nodes, here);
    }

    boolean isEmpty() {
        return root.next.length == 0;
    }

    /** The first place from here on where a token begins; {@code to} where there is none. */
    int find(char[] text, int from, int to) {
        for (int at = from; at < to; at++) {
            if (begins[text[at]] && longest(text, at, to) != null) {
                return at;
            }
        }
        return to;
    }

    /** The longest token that begins here; null where none does. */
    @Nullable
    Entry longest(char[] text, int from, int to) {
        Entry longest = null;
        Node node = root;
        for (int at = from; at < to && node != null; at++) {
            node = node.after(text[at]);
            longest = node != null && node.entry != null ? node.entry : longest;
        }
        return longest;
    }
}
