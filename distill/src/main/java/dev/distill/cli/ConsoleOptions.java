package dev.distill.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command has; a command mixes them in and asks for its {@link #console}. */
final class ConsoleOptions {
    @Spec(Spec.Target.MIXEE)
    CommandSpec command = CommandSpec.create();

    @Option(
            names = {"-q", "--quiet"},
            description = "No progress; warnings and errors only.")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "More about what is going on; stack traces with errors.")
    boolean verbose;

    @Option(names = "--no-color", description = "No colours on a terminal, as with NO_COLOR in the environment.")
    boolean noColor;

    @Option(names = "--json", description = "One JSON object on stdout at the end, in place of the text.")
    boolean json;

    /** Where this command speaks. One a run: progress and messages share the terminal's last line. */
    Console console() {
        String noColorWish = System.getenv("NO_COLOR"); // https://no-color.org: set, and not empty
        boolean colour = !noColor && (noColorWish == null || noColorWish.isEmpty());
        return new Console(
                command.commandLine().getOut(),
                command.commandLine().getErr(),
                Terminal.ofThisProcess(),
                new Console.Style(quiet, verbose, colour, json));
    }
}
