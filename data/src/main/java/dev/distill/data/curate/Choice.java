package dev.distill.data.curate;

/**
 * How many traces of one prompt are kept.
 *
 * @param perPrompt at most so many, 1 to 1,000
 * @param order which of them
 */
public record Choice(int perPrompt, Order order) {
    /** Which traces of a prompt come first. */
    public enum Order {
        /** In the order of the input; each is decided at once. */
        FIRST,
        /** Those with the fewest characters of reasoning and answer; survivors are held until the input ends. */
        SHORTEST
    }

    public Choice {
        if (perPrompt < 1 || perPrompt > 1_000) {
            throw new IllegalArgumentException("curate.choice: per_prompt must be 1 to 1000; got " + perPrompt);
        }
    }
}
