package dev.distill.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code distill traces}: the group of commands that exchange traces with other programs. */
@Command(
        name = "traces",
        mixinStandardHelpOptions = true,
        subcommands = {TracesImportCommand.class, TracesExportCommand.class},
        description = "Reads other people's data sets of traces, and writes traces for other programs.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Example:",
            "  distill traces import open-r1/OpenR1-Math-220k:train --teacher DeepSeek-R1 --to openr1"
        })
final class TracesCommand implements Runnable {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "traces: say which way: "
                        + String.join(" or ", spec.subcommands().keySet()));
    }
}
