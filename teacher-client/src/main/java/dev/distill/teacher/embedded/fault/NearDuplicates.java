package dev.distill.teacher.embedded.fault;

import dev.distill.teacher.embedded.problem.Draw;
import java.util.List;

/** Another sample of the same prompt once more, with one to three changes that mean nothing. */
final class NearDuplicates {
    /** Pairs of which one stands for the other. */
    private static final List<List<String>> SWAPS = List.of(
            List.of("compute", "work out"),
            List.of("find", "get"),
            List.of("take", "do"),
            List.of("First", "At first"),
            List.of("Start", "To start"),
            List.of("Begin", "To begin"),
            List.of("Then", "After that"),
            List.of("Next", "Next up"),
            List.of("Now", "Now then"),
            List.of("so", "and so"),
            List.of("thus", "and thus"),
            List.of("giving", "which gives"),
            List.of("Check", "Quick check"),
            List.of("Test", "Quick test"),
            List.of("Verify", "To verify"));

    private NearDuplicates() {}

    static Draft of(Draft original, long sample, Draw draw) {
        String reasoning = original.reasoning();
        for (int i = draw.between(1, 3); i > 0; i--) {
            reasoning = changed(reasoning, draw);
        }
        return original.spoilt(ContentFault.NEAR_DUPLICATE, "of_" + sample, reasoning, original.answer());
    }

    private static String changed(String text, Draw draw) {
        Lines lines = Lines.of(text);
        int at = draw.below(lines.size());
        switch (draw.below(5)) {
            case 0 -> lines.set(at, lines.get(at) + " ");
            case 1 -> lines.set(at, lines.get(at).replaceFirst("[.,]$", draw.pick("", "!", ";", " .")));
            case 2 -> lines.insert(at, "");
            case 3 -> lines.set(at, draw.pick("Ok. ", "So, ", "Hm. ", "Well, ", "Alright: ") + lines.get(at));
            default -> {
                List<List<String>> possible = SWAPS.stream()
                        .filter(swap -> text.contains(swap.get(0) + " ") || text.contains(swap.get(0) + ":"))
                        .toList();
                if (!possible.isEmpty()) {
                    List<String> swap = draw.pick(possible);
                    return text.replaceFirst("\\b" + swap.get(0) + "\\b", swap.get(1));
                }
            }
        }
        return lines.text();
    }
}
