package dev.distill.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code distill bench}: the group of commands that measure. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {
            BenchTrainCommand.class,
            BenchGenerateCommand.class,
            BenchTokenizeCommand.class,
            BenchShardsCommand.class,
            BenchCurateCommand.class,
            BenchHarvestCommand.class
        },
        description = "Measures speed and memory on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  distill bench train --model qwen2.5-0.5b --mode lora --seq 1024 --steps 5"})
final class BenchCommand implements Runnable {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "bench: say what to measure: "
                        + String.join(" or ", spec.subcommands().keySet()));
    }
}
