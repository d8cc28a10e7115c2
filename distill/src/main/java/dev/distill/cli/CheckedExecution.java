package dev.distill.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** Runs a command once nothing is wrong with its words; else tells all that is, what the parser found and what the command does. */
final class CheckedExecution implements IExecutionStrategy {
    private final Failures failures;

    CheckedExecution(Failures failures) {
        this.failures = failures;
    }

    /** Lets the parser go on after a mistake, in this command and all below it. */
    static void collectMistakes(CommandLine command) {
        command.getCommandSpec().parser().collectErrors(true);
        command.getSubcommands().values().forEach(CheckedExecution::collectMistakes);
    }

    @Override
    public int execute(ParseResult parsed) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        List<Exception> mistakes = new ArrayList<>(parsed.errors());
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
            mistakes.addAll(last.errors());
        }
        CommandLine command = last.commandSpec().commandLine();
        Problems problems = new Problems();
        if (command.getCommand() instanceof Checked checked) {
            checked.check(problems);
        }
        problems.all().forEach(problem -> mistakes.add(new ParameterException(command, problem)));
        return mistakes.isEmpty() ? new RunLast().execute(parsed) : failures.tell(command, mistakes);
    }
}
