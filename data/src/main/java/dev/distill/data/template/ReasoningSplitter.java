package dev.distill.data.template;

/**
 * Takes a completion apart into reasoning and answer while it streams in, chunk by chunk. A marker may be cut anywhere;
 * what could be the beginning of one is held back until it is decided. A completion that ends before the end marker was
 * cut off in its reasoning: it has no answer.
 *
 * <p>For one completion and one thread.
 */
public final class ReasoningSplitter {
    /** Where the start marker is. */
    public enum Start {
        /** The template wrote it: the completion begins inside the reasoning. One written again is left out. */
        IN_PROMPT,
        /** In the completion, at its beginning; a completion that begins otherwise is all answer. */
        IN_COMPLETION,
        /**
         * Not known. A completion that does not begin with it is held back until an end marker shows that there was
         * reasoning, or the end that there was none.
         */
        UNKNOWN
    }

    /** What becomes of white space around the markers. */
    public enum Whitespace {
        /** All characters stay, but for the markers. */
        KEEP,
        /** What stands before a start marker goes, all else stays. */
        DROP_BEFORE_START,
        /** Reasoning and answer lose what they begin and end with. */
        TRIM,
        /** As TRIM, but for the answer's end: for somebody who looks for where the answer is to be cut. */
        TRIM_BUT_ANSWER_END
    }

    /**
     * What one chunk added.
     *
     * @param reasoning text to add to the reasoning, often empty
     * @param answer text to add to the answer, often empty
     */
    public record Piece(String reasoning, String answer) {}

    /**
     * A completion, taken apart.
     *
     * @param ended whether the end marker came; if not, and there was a start, the completion was cut off
     */
    public record Split(String reasoning, String answer, boolean ended) {}

    private enum Phase {
        BEFORE,
        REASONING,
        ANSWER
    }

    private final ThinkMarkers markers;
    private final Start start;
    private final Whitespace whitespace;
    private final StringBuilder pending = new StringBuilder();
    private final TrimmedText reasoning;
    private final TrimmedText answer;
    private Phase phase = Phase.BEFORE;
    private boolean ended;
    /** Up to here the pending text holds no end marker; only used before the start is known. */
    private int searched;

    public ReasoningSplitter(ThinkMarkers markers, Start start, Whitespace whitespace) {
        this.markers = markers;
        this.start = start;
        this.whitespace = whitespace;
        boolean trimmed = whitespace == Whitespace.TRIM || whitespace == Whitespace.TRIM_BUT_ANSWER_END;
        this.reasoning = new TrimmedText(trimmed, trimmed);
        this.answer = new TrimmedText(trimmed, whitespace == Whitespace.TRIM);
    }

    /** Takes a whole completion apart. */
    public static Split split(String completion, ThinkMarkers markers, Start start, Whitespace whitespace) {
        ReasoningSplitter splitter = new ReasoningSplitter(markers, start, whitespace);
        Piece first = splitter.add(completion);
        Piece last = splitter.finish();
        return new Split(first.reasoning + last.reasoning, first.answer + last.answer, splitter.ended);
    }

    /** The next chunk of the completion, of any length. */
    public Piece add(String chunk) {
        pending.append(chunk);
        decide(false);
        return new Piece(reasoning.take(), answer.take());
    }

    /** The completion is over: what was held back. */
    public Piece finish() {
        decide(true);
        return new Piece(reasoning.take(), answer.take());
    }

    /** Whether the end marker has come. */
    public boolean ended() {
        return ended;
    }

    /** Whether it is known which of the two the next text is of. */
    public boolean decided() {
        return phase != Phase.BEFORE;
    }

    /** Whether it is known to be reasoning. */
    public boolean reasoning() {
        return phase == Phase.REASONING;
    }

    private void decide(boolean last) {
        if (phase == Phase.BEFORE) {
            before(last);
        }
        if (phase == Phase.REASONING) {
            reason(last);
        }
        if (phase == Phase.ANSWER) {
            answer.add(pending);
            pending.setLength(0);
        }
    }

    private void before(boolean last) {
        int begin = 0;
        while (begin < pending.length() && Character.isWhitespace(pending.charAt(begin))) {
            begin++;
        }
        int seen = Math.min(pending.length() - begin, markers.start().length());
        boolean possible =
                pending.substring(begin, begin + seen).equals(markers.start().substring(0, seen));
        if (possible && seen == markers.start().length()) {
            pending.delete(begin, begin + seen);
            if (whitespace != Whitespace.KEEP) {
                pending.delete(0, begin);
            }
            phase = Phase.REASONING;
        } else if (!possible || last) {
            phase = withoutMarker(last);
        }
    }

    /** The phase of a completion that does not begin with the start marker. */
    private Phase withoutMarker(boolean last) {
        return switch (start) {
            case IN_PROMPT -> Phase.REASONING;
            case IN_COMPLETION -> Phase.ANSWER;
            case UNKNOWN -> {
                boolean found = pending.indexOf(markers.end(), searched) >= 0;
                searched = Math.max(0, pending.length() - markers.end().length() + 1);
                yield found ? Phase.REASONING : last ? Phase.ANSWER : Phase.BEFORE;
            }
        };
    }

    private void reason(boolean last) {
        int end = pending.indexOf(markers.end());
        if (end >= 0) {
            reasoning.add(pending.substring(0, end));
            pending.delete(0, end + markers.end().length());
            ended = true;
            phase = Phase.ANSWER;
            return;
        }
        int held = last ? 0 : beginningOfEnd();
        reasoning.add(pending.substring(0, pending.length() - held));
        pending.delete(0, pending.length() - held);
    }

    /** How many of the last characters could begin an end marker. */
    private int beginningOfEnd() {
        for (int n = Math.min(pending.length(), markers.end().length() - 1); n > 0; n--) {
            if (markers.end().startsWith(pending.substring(pending.length() - n))) {
                return n;
            }
        }
        return 0;
    }
}
