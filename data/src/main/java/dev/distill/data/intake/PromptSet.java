package dev.distill.data.intake;

import dev.distill.data.trace.Prompt;
import java.util.List;

/**
 * The prompts of a file.
 *
 * @param prompts each once, in the order of the file
 * @param lines that were read, empty ones not counted
 * @param duplicates lines that ask what an earlier one asked; the first one stays
 * @param contradictions those of the duplicates that give another reference
 */
public record PromptSet(List<Prompt> prompts, int lines, int duplicates, int contradictions) {
    public PromptSet {
        prompts = List.copyOf(prompts);
    }
}
