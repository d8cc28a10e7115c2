package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code distill completion}: a script that lets a shell complete commands and options. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Writes a script that lets the shell complete commands and options.",
        footer = {
            "",
            "Example:",
            "  source <(distill completion bash)",
            "  distill completion fish > ~/.config/fish/completions/distill.fish"
        })
final class CompletionCommand implements Callable<Integer> {
    private enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    Shell shell = Shell.BASH;

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        String script = switch (shell) {
            case BASH, ZSH -> AutoComplete.bash("distill", root); // one script serves both
            case FISH -> fish(root);
        };
        Console console = options.console();
        console.print(script);
        console.result(new ObjectMapper().createObjectNode().put("script", script));
        return ExitCode.DONE;
    }

    private static String fish(CommandLine root) {
        StringBuilder script = new StringBuilder("complete -c distill -f\n");
        root.getSubcommands().forEach((name, command) -> {
            line(script, "__fish_use_subcommand", " -a " + name + about(command));
            fish(script, command, "__fish_seen_subcommand_from " + name);
            command.getSubcommands().forEach((inner, part) -> {
                String seen = "__fish_seen_subcommand_from " + name + "; and __fish_seen_subcommand_from " + inner;
                line(script, "__fish_seen_subcommand_from " + name, " -a " + inner + about(part));
                fish(script, part, seen);
            });
        });
        return script.toString();
    }

    /** @param condition fish's words for being inside of this command */
    private static void fish(StringBuilder script, CommandLine command, String condition) {
        for (PositionalParamSpec path : command.getCommandSpec().positionalParameters()) {
            line(script, condition, values(path));
        }
        for (OptionSpec option : command.getCommandSpec().options()) {
            StringBuilder words = new StringBuilder();
            for (String word : List.of(option.names())) {
                words.append(word.startsWith("--") ? " -l " + word.substring(2) : " -s " + word.substring(1));
            }
            line(script, condition, words + values(option) + described(option.description()));
        }
    }

    private static void line(StringBuilder script, String condition, String offer) {
        script.append("complete -c distill -n '")
                .append(condition)
                .append('\'')
                .append(offer)
                .append('\n');
    }

    private static String about(CommandLine command) {
        return described(command.getCommandSpec().usageMessage().description());
    }

    /** What fish offers after an option or in the place of a parameter: words, files, or nothing. */
    private static String values(ArgSpec argument) {
        if (argument.arity().max() == 0) {
            return "";
        }
        String mode = argument.isOption() ? " -x" : "";
        if (argument.completionCandidates() != null) {
            return mode + " -a '"
                    + String.join(" ", argument.completionCandidates()).toLowerCase(Locale.ROOT) + "'";
        }
        return argument.type() == Path.class ? (argument.isOption() ? " -r -F" : " -F") : mode;
    }

    private static String described(String[] text) {
        return text.length == 0
                ? ""
                : " -d '" + text[0].replace("\\", "\\\\").replace("'", "\\'").replace("%n", " ") + "'";
    }
}
