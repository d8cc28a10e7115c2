package dev.distill.demo;

import dev.distill.teacher.embedded.problem.Difficulty;
import java.nio.file.Path;
import java.util.Map;

/**
 * How large a demo.
 *
 * @param folder of the run
 * @param recipe resource of the recipe
 * @param options replace values of the recipe, by full key
 * @param prompts problems to ask the teacher
 * @param heldOut problems of the test
 */
public record DemoSettings(
        Path folder,
        String recipe,
        Map<String, String> options,
        Difficulty difficulty,
        int prompts,
        int heldOut,
        long seed) {
    public DemoSettings {
        options = Map.copyOf(options);
        if (prompts < 1 || heldOut < 1) {
            throw new IllegalArgumentException(
                    "demo: prompts and held-out problems must be at least 1; got " + prompts + " and " + heldOut);
        }
    }

    /** Measured once: 453 s of processor time. */
    public static DemoSettings standard(Path folder) {
        return new DemoSettings(folder, "/dev/distill/demo/demo.yaml", Map.of(), Difficulty.STANDARD, 11_000, 300, 7);
    }

    /** Harder problems and a larger student; not run to its end yet, see the recipe. */
    public static DemoSettings lasting(Path folder) {
        return new DemoSettings(folder, "/dev/distill/demo/demo-long.yaml", Map.of(), Difficulty.HARD, 40_000, 500, 7);
    }

    public DemoSettings with(Map<String, String> newOptions, int newPrompts, int newHeldOut) {
        return new DemoSettings(folder, recipe, newOptions, difficulty, newPrompts, newHeldOut, seed);
    }
}
