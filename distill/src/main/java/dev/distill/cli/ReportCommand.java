package dev.distill.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code distill report}: the group of commands that make something of evaluations that are over. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        subcommands = {ReportLeaderboardCommand.class, SwePredictionsCommand.class, SweResultsCommand.class},
        description = "Several evaluations in one table, and the way to SWE-bench's own harness and back.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  distill report leaderboard runs/base runs/student runs/r1-api"})
final class ReportCommand implements Runnable {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "report: say what: " + String.join(", ", spec.subcommands().keySet()));
    }
}
