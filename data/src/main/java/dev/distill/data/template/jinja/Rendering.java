package dev.distill.data.template.jinja;

import java.util.List;

/**
 * A rendered template.
 *
 * @param text the text
 * @param generated what stands inside {@code generation} blocks, in order: what the assistant says
 * @param complete false if such a block also stood inside a macro, a call or a {@code set} block: where its text ended up
 *     cannot be told, so {@code generated} lacks it
 */
public record Rendering(String text, List<Span> generated, boolean complete) {
    public Rendering {
        generated = List.copyOf(generated);
    }

    /** A part of the text: characters from {@code start}, before {@code end}. */
    public record Span(int start, int end) {}
}
