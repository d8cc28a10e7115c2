package dev.distill.data.template.jinja;

import java.util.ArrayList;
import java.util.List;

/** Where rendered text goes: the result, or what a macro, a {@code set} block or a filter block catches. */
final class Output {
    private final StringBuilder text = new StringBuilder();
    private final List<Rendering.Span> spans = new ArrayList<>();
    private final Budget budget;

    Output(Budget budget) {
        this.budget = budget;
    }

    void append(String piece) {
        budget.output(Math.addExact(text.length(), piece.length()));
        budget.chars(piece.length());
        text.append(piece);
    }

    int length() {
        return text.length();
    }

    /** Notes that the assistant said what was written since {@code start}. */
    void generated(int start) {
        spans.add(new Rendering.Span(start, text.length()));
    }

    String text() {
        return text.toString();
    }

    List<Rendering.Span> spans() {
        return spans;
    }
}
