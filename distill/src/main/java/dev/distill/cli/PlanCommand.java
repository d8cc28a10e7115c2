package dev.distill.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.distill.pipeline.Planning;
import dev.distill.pipeline.Recipe;
import dev.distill.pipeline.RunFolder;
import dev.distill.plan.Accelerator;
import dev.distill.plan.Calibration;
import dev.distill.plan.Plan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill plan}: what a recipe takes, before anything is spent. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Tokens, steps, memory by part, disk, time and money of a recipe, before anything is spent.",
            "Traces that are there are counted; else the recipe's plan section says what is expected. Time is measured: a few"
                    + " blocks of the student are trained for some seconds. Nothing is fetched, bought or written."
        },
        footer = {"", "Example:", "  distill plan docs/recipes/gsm8k-smollm2.yaml --memory 24GiB"})
final class PlanCommand implements Callable<Integer> {
    private static final long GIB = 1L << 30;

    @Mixin
    RecipeOptions options = new RecipeOptions();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = Size.class,
            description = "Memory that there is, such as 24GiB; by default this machine's.")
    @Nullable
    Long memory;

    @Option(
            names = "--gpu",
            paramLabel = "NAME",
            description =
                    "A card in place of this machine: h200, h100, a100, l40s or rtx4090. Nothing is measured then.")
    @Nullable
    String gpu;

    @Mixin
    ConsoleOptions consoleOptions = new ConsoleOptions();

    @Override
    public Integer call() throws IOException {
        Console console = consoleOptions.console();
        Recipe recipe = options.read();
        if (options.printResolved) {
            console.print(recipe.resolved().yaml());
            console.result(RunCommand.values(recipe));
            return ExitCode.DONE;
        }
        RunFolder run = options.folder(recipe);
        Plan plan = new Planning(recipe, run, room(run), (job, load) -> {
                    console.info("plan: measuring how fast this machine trains (some seconds) ...");
                    return Calibration.measure(job, load);
                })
                .plan();
        var figures = PlanFigures.of(recipe.name(), plan);
        console.print(Figures.text(figures));
        console.result(figures);
        return ExitCode.DONE;
    }

    private Plan.Room room(RunFolder run) throws IOException {
        Optional<Accelerator> card = card();
        long bytes =
                memory != null ? memory : card.map(Accelerator::memoryBytes).orElseGet(PlanCommand::ofThisMachine);
        boolean here = memory == null && card.isEmpty();
        // the launcher's heap: a quarter of the memory, from 512 MiB to 8 GiB
        long heap = here ? Runtime.getRuntime().maxMemory() : Math.clamp(bytes / 4, GIB / 2, 8 * GIB);
        return new Plan.Room(bytes, heap, freeDisk(run), card);
    }

    private Optional<Accelerator> card() {
        if (gpu == null) {
            return Optional.empty();
        }
        Optional<Accelerator> found = Accelerator.find(gpu);
        if (found.isEmpty()) {
            throw new IllegalArgumentException("--gpu must be one of " + String.join(", ", Accelerator.names())
                    + "; got " + gpu + "; for another card give its memory (--memory)");
        }
        return found;
    }

    private static long ofThisMachine() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize() // of the container, in one
                : Runtime.getRuntime().maxMemory();
    }

    /** Where the run's folder will be. */
    private static long freeDisk(RunFolder run) throws IOException {
        Path folder = run.root().toAbsolutePath();
        while (!Files.isDirectory(folder)) {
            folder = Objects.requireNonNull(folder.getParent(), "a path's root is a folder");
        }
        return Files.getFileStore(folder).getUsableSpace();
    }
}
